package dev.holdfast.testkit;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The product's classes, and which module each comes from: told from the place of its class file, not from its name. */
final class ProductClasses {
    /** What each module may see of the others; a module that is not listed fails every rule. */
    static final Map<String, Set<String>> MAY_SEE = Map.of(
            "config", Set.of(),
            "storage", Set.of("config"),
            "replication", Set.of("storage", "config"),
            "node", Set.of("replication", "storage", "config"),
            "cli", Set.of("node", "replication", "storage", "config"),
            "testkit", Set.of("node", "replication", "storage", "config"));

    private static final Pattern MODULE = Pattern.compile(".*/([a-z]+)/target/(?:classes/|holdfast[^/]*\\.jar!/)");
    /** Tests, and the copies beside the console's jar, which its manifest puts on the class path. */
    private static final Pattern NOT_THE_PRODUCT = Pattern.compile("/test-classes/|-tests\\.jar!|/target/lib/");

    private static final JavaClasses ALL =
            new ClassFileImporter().withImportOption(ProductClasses::isProduct).importPackages("dev.holdfast");

    private ProductClasses() {}

    static JavaClasses all() {
        return ALL;
    }

    static List<JavaClass> ofModule(String module) {
        return ALL.stream().filter(type -> moduleOf(type).equals(module)).toList();
    }

    /** The classes of {@code packageName} itself, without those of packages below. */
    static List<JavaClass> ofPackage(String packageName) {
        return ALL.stream()
                .filter(type -> type.getPackageName().equals(packageName))
                .toList();
    }

    static String moduleOf(JavaClass type) {
        String place = type.getSource().orElseThrow().getUri().toString();
        Matcher matcher = MODULE.matcher(place);
        if (!matcher.lookingAt()) {
            throw new IllegalStateException("In no module: class=" + type.getName() + ", place=" + place);
        }
        return matcher.group(1);
    }

    private static boolean isProduct(Location location) {
        String place = location.asURI().toString();
        return !NOT_THE_PRODUCT.matcher(place).find();
    }
}
