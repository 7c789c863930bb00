package dev.holdfast.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The direction of the arrows, and the purity of the core. Each rule counts what it looked at, and is shown a class that
 * breaks it where such a class can be planted: a rule that matches nothing would be green for ever.
 */
class ArchitectureTest {
    private static final PureCore LEDGER = new PureCore(
            Set.of("dev.holdfast.node.ledger"),
            ArchitectureTest::isAValue,
            // Answers readers on any thread, who hold no partition, about several fields that change together.
            Set.of("dev.holdfast.node.ledger.Tombstones"));
    private static final PureCore PROTOCOL =
            new PureCore(Set.of("dev.holdfast.replication.protocol"), ArchitectureTest::isAValueOfTheLog, Set.of());
    private static final PureCore CONTROL_TABLE = new PureCore(
            Set.of("dev.holdfast.replication.control", "dev.holdfast.replication.protocol"),
            ArchitectureTest::isAValueOfTheLog,
            Set.of());

    /** What the control table is reached through; the table and everything else beside them is pure. */
    private static final Set<String> CONTROL_SHELL =
            Set.of("ControlPlane", "ControlPlaneException", "ControlTransport", "LocalControlPlane", "package-info");

    /** Where a queue is opened: the log that is kept on one, and what looks at it from outside. */
    private static final String[] QUEUE_ROOMS = {"dev.holdfast.storage.log.chronicle", "dev.holdfast.storage.verify"};

    /** Where Chronicle's bytes and wire are spoken: the form of records, in whatever they are kept. */
    private static final String[] CHRONICLE_ROOMS = {
        "dev.holdfast.storage.log.chronicle",
        "dev.holdfast.storage.log.frame",
        "dev.holdfast.storage.log.memory",
        "dev.holdfast.storage.checkpoint",
        "dev.holdfast.storage.verify"
    };

    @Test
    void everySourceFileIsSeenAsAClassOfItsModule() {
        for (String module : ProductClasses.MAY_SEE.keySet()) {
            Set<String> seen = ProductClasses.ofModule(module).stream()
                    .filter(type -> !type.getName().contains("$"))
                    .map(JavaClass::getName)
                    .collect(toSet());
            assertThat(seen).as(module).containsAll(Checkout.mainClassesOf(module));
        }
        assertThat(Checkout.modules()).containsExactlyInAnyOrderElementsOf(ProductClasses.MAY_SEE.keySet());
        assertThat(ProductClasses.all()).hasSizeGreaterThan(100);
    }

    @Test
    void dependenciesPointOneWay() {
        List<String> wrong = new ArrayList<>();
        int looked = 0;
        for (JavaClass type : ProductClasses.all()) {
            String module = ProductClasses.moduleOf(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!target.getName().startsWith("dev.holdfast.")) {
                    continue;
                }
                looked++;
                String seen = ProductClasses.moduleOf(target);
                if (!seen.equals(module)
                        && !ProductClasses.MAY_SEE
                                .getOrDefault(module, Set.of())
                                .contains(seen)) {
                    wrong.add(module + " -> " + seen + ": " + dependency.getDescription());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(looked).as("dependencies looked at").isGreaterThan(200);
    }

    @Test
    void noPackageIsSplitBetweenModules() {
        Map<String, Set<String>> modules = ProductClasses.all().stream()
                .collect(groupingBy(JavaClass::getPackageName, mapping(ProductClasses::moduleOf, toSet())));
        assertThat(modules)
                .hasSizeGreaterThan(6)
                .allSatisfy((name, where) -> assertThat(where).as(name).hasSize(1));
    }

    @Test
    void packagesFormNoCycle() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new ByPackage())
                .should()
                .beFreeOfCycles()
                // The entry point makes the implementation of what it hands out; nothing else of the API may.
                .ignoreDependency(name("dev.holdfast.Holdfast"), alwaysTrue())
                .check(ProductClasses.all());
    }

    @Test
    void theLedgerIsPure() {
        List<JavaClass> core = ProductClasses.ofPackage("dev.holdfast.node.ledger");
        assertThat(core)
                .hasSizeGreaterThan(5)
                .allSatisfy(type ->
                        assertThat(LEDGER.violationsOf(type)).as(type.getName()).isEmpty());
    }

    @Test
    void theReplicationProtocolIsPure() {
        assertThat(ProductClasses.ofPackage("dev.holdfast.replication.protocol"))
                .allSatisfy(type -> assertThat(PROTOCOL.violationsOf(type))
                        .as(type.getName())
                        .isEmpty());
    }

    @Test
    void theControlTableIsPure() {
        List<JavaClass> table = ProductClasses.ofPackage("dev.holdfast.replication.control").stream()
                .filter(type -> !CONTROL_SHELL.contains(
                        type.getName().replaceFirst(".*\\.", "").replaceFirst("\\$.*", "")))
                .toList();
        assertThat(table)
                .hasSizeGreaterThan(40)
                .allSatisfy(type -> assertThat(CONTROL_TABLE.violationsOf(type))
                        .as(type.getName())
                        .isEmpty());
        assertThat(table.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream()))
                .as("the table does not see what it is reached through")
                .noneMatch(dependency ->
                        CONTROL_SHELL.contains(dependency.getTargetClass().getSimpleName()));
    }

    @Test
    void thePurityRuleSeesEveryImpurity() {
        JavaClass planted = new ClassFileImporter().importClass(PlantedImpurity.class);
        List<String> found = LEDGER.violationsOf(planted);
        assertThat(planted.getMethods())
                .allSatisfy(method -> assertThat(found)
                        .as(method.getName())
                        .anyMatch(finding -> finding.contains("." + method.getName() + "(")));
        assertThat(found).anyMatch(finding -> finding.contains("changes is static"));
    }

    @Test
    void onlyTheStorageRoomsSeeChronicle() {
        seenOnlyFrom("net.openhft..", CHRONICLE_ROOMS);
        seenOnlyFrom("net.openhft.chronicle.queue..", QUEUE_ROOMS);
    }

    @Test
    void onlyOneRoomSeesRatis() {
        seenOnlyFrom("org.apache.ratis..", "dev.holdfast.replication.control.ratis");
    }

    private static void seenOnlyFrom(String library, String... rooms) {
        DescribedPredicate<JavaClass> ofTheLibrary = resideInAPackage(library);
        assertThat(ProductClasses.all().stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency -> ofTheLibrary.test(dependency.getTargetClass())))
                .as("uses of " + library)
                .hasSizeGreaterThan(10);
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .check(ProductClasses.all());
    }

    /** But for the main class of a test's member, whose process ends with the test. */
    @Test
    void onlyTheConsoleSpeaksToTheTerminalOrEndsTheProcess() {
        List<String> wrong = ProductClasses.all().stream()
                .filter(type -> !ProductClasses.moduleOf(type).equals("cli"))
                .filter(type -> !type.getName().equals("dev.holdfast.testkit.MemberMain"))
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> access.getTarget()
                        .getFullName()
                        .matches("java\\.lang\\.System\\.(out|err|exit\\(.*)"
                                + "|java\\.lang\\.Runtime\\.(exit|halt)\\(.*"
                                + "|java\\.lang\\.\\w*(Throwable|Exception|Error)\\.printStackTrace\\(\\)"))
                .map(access -> access.getDescription())
                .toList();
        assertThat(wrong).isEmpty();
    }

    /** But for the one class that tells the console's logger where to write. */
    @Test
    void theProductLogsThroughSlf4jOnly() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.holdfast.cli.ConsoleLogging")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "ch.qos.logback..", "org.apache.log4j..")
                .check(ProductClasses.all());
    }

    /** A type of the implementation in a public signature could never be changed again. */
    @Test
    void thePublicApiSpeaksOfPublicTypesOnly() {
        List<String> wrong = new ArrayList<>();
        int looked = 0;
        for (String packageName : List.of("dev.holdfast", "dev.holdfast.config")) {
            for (JavaClass type : ProductClasses.ofPackage(packageName)) {
                if (!type.getModifiers().contains(JavaModifier.PUBLIC)) {
                    continue;
                }
                for (JavaMember member : type.getMembers()) {
                    boolean visible = member.getModifiers().contains(JavaModifier.PUBLIC)
                            || member.getModifiers().contains(JavaModifier.PROTECTED);
                    if (visible) {
                        looked++;
                        member.getAllInvolvedRawTypes().stream()
                                .map(JavaClass::getBaseComponentType)
                                .filter(used -> !isPublicVocabulary(used))
                                .forEach(used -> wrong.add(member.getFullName() + " mentions " + used.getName()));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(looked).as("members looked at").isGreaterThan(100);
    }

    private static boolean isPublicVocabulary(JavaClass type) {
        return type.isPrimitive()
                || type.getName().startsWith("java.")
                || Set.of("dev.holdfast", "dev.holdfast.config").contains(type.getPackageName());
    }

    /** The values that the ledger shares with the log and the configuration: not what reads, writes or loads them. */
    private static boolean isAValue(JavaClass type) {
        String packageName = type.getPackageName();
        return isAValueOfTheLog(type)
                || packageName.equals("dev.holdfast.config")
                || Set.of("dev.holdfast.TaskState", "dev.holdfast.StaleTaskIdException$Reason")
                        .contains(type.getName());
    }

    private static boolean isAValueOfTheLog(JavaClass type) {
        return type.getPackageName().equals("dev.holdfast.storage.log")
                && !type.getSimpleName().matches(".*(Log|Codec|Reader|Writer|Force)");
    }

    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            // Config.load and toYaml are API, and copy, validate and toString walk the table that the loader reads by.
            return SliceIdentifier.of(name.equals("dev.holdfast.config.load") ? "dev.holdfast.config" : name);
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
