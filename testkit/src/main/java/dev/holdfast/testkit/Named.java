package dev.holdfast.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which one a parameter of a {@link HoldfastTest} is. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Named {

    /**
     * {@return the executor's name}
     */
    String value() default "default";

    /**
     * {@return the number of the member whose it is; of members in processes the client is given in any case}
     */
    int node() default 0;
}
