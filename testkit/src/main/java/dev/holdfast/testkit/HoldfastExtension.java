package dev.holdfast.testkit;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastInstance;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link HoldfastTest} does. Of the thread that runs the test. */
final class HoldfastExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(HoldfastExtension.class);
    private static final Set<Class<?>> TYPES =
            Set.of(HoldfastCluster.class, HoldfastInstance.class, DurableExecutorService.class);

    /** JUnit's. */
    HoldfastExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        HoldfastTest wanted = wanted(context);
        ClusterBuilder plan = HoldfastCluster.of(wanted.nodes())
                .durability(wanted.durability())
                .partitions(wanted.partitions())
                .sync(wanted.sync());
        HoldfastCluster cluster = (wanted.inProcesses() ? plan.inProcesses() : plan).start();
        context.getStore(NAMESPACE).put(HoldfastCluster.class, cluster);
    }

    private static HoldfastTest wanted(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), HoldfastTest.class)
                .or(() -> onClass(context))
                .orElseThrow(() -> new IllegalStateException("No @HoldfastTest: test=" + context.getDisplayName()));
    }

    private static Optional<HoldfastTest> onClass(ExtensionContext context) {
        for (ExtensionContext at = context; at.getTestClass().isPresent(); ) {
            Optional<HoldfastTest> found =
                    AnnotationSupport.findAnnotation(at.getRequiredTestClass(), HoldfastTest.class);
            Optional<ExtensionContext> parent = at.getParent();
            if (found.isPresent() || parent.isEmpty()) {
                return found;
            }
            at = parent.get();
        }
        return Optional.empty();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        HoldfastCluster cluster = context.getStore(NAMESPACE).remove(HoldfastCluster.class, HoldfastCluster.class);
        if (cluster == null) {
            return;
        }
        context.getExecutionException().ifPresent(failure -> {
            cluster.keepDirectories();
            context.publishReportEntry("holdfast-cluster", cluster.directory().toString());
            failure.addSuppressed(new LeftBehind(cluster));
        });
        cluster.close();
    }

    /** Of a test's own methods and its {@code @BeforeEach} and {@code @AfterEach}. */
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.contains(parameter.getParameter().getType())
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        HoldfastCluster cluster = context.getStore(NAMESPACE).get(HoldfastCluster.class, HoldfastCluster.class);
        if (cluster == null) {
            throw new ParameterResolutionException(
                    "There is no cluster yet where this is wanted: parameter=" + parameter.getParameter());
        }
        Class<?> type = parameter.getParameter().getType();
        if (type == HoldfastCluster.class) {
            return cluster;
        }
        Optional<Named> named = parameter.findAnnotation(Named.class);
        HoldfastInstance instance = cluster.isInProcesses()
                ? cluster.client()
                : cluster.node(named.map(Named::node).orElse(0));
        return type == HoldfastInstance.class
                ? instance
                : instance.getDurableExecutorService(named.map(Named::value).orElse("default"));
    }
}
