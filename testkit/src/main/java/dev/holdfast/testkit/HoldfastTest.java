package dev.holdfast.testkit;

import dev.holdfast.config.SyncPolicy;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test (JUnit 5) a healthy cluster of its own, which is closed after it. On a class it counts for all of its tests;
 * on a method it wins over the class's.
 *
 * <p>The methods get it as parameters: the {@link HoldfastCluster}, a {@code HoldfastInstance} (of the first member, or the
 * client if members run in processes), a {@code DurableExecutorService} of that; {@link Named} says which.
 *
 * <p>After a failure the directories stay, with the logs of processes; the report says where.
 *
 * <pre>{@code
 * @Test
 * @HoldfastTest(nodes = 3)
 * void anOrderSurvivesItsNode(HoldfastCluster cluster, @Named("orders") DurableExecutorService orders) { ... }
 * }</pre>
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(HoldfastExtension.class)
public @interface HoldfastTest {

    /**
     * {@return how many members}
     */
    int nodes() default 3;

    /**
     * {@return how many copies there are beside the first}
     */
    int durability() default 1;

    /**
     * {@return how many partitions there are}
     */
    int partitions() default 8;

    /**
     * {@return when data is forced to the disk}
     */
    SyncPolicy sync() default SyncPolicy.OS;

    /**
     * {@return whether each member runs in a JVM of its own}
     */
    boolean inProcesses() default false;
}
