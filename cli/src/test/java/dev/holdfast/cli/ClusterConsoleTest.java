package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.remote.ClusterReport;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The console against three members, with one copy of each partition: the end of a member takes its partitions along. */
class ClusterConsoleTest {

    /** Enough that each partition has one. */
    private static final int KEYS = 60;

    @TempDir
    Path directory;

    private final List<HoldfastInstance> nodes = new ArrayList<>();
    private String address = "";

    @AfterEach
    void close() {
        nodes.forEach(HoldfastInstance::close);
    }

    private record Job(String text) implements Callable<String>, Serializable {
        @Override
        public String call() {
            return text;
        }
    }

    @Test
    void aClusterIsLookedAtActedOnAndRecovered() throws Exception {
        startThree();
        String page = Files.readString(Path.of(System.getProperty("holdfast.checkout"), "docs/console.md"));

        await().atMost(Duration.ofSeconds(30)).until(() -> atAddress("status").exitCode() == 0);
        Map<?, ?> status = one(ok(ofA("status -o json")));
        assertThat(status.get("ok")).isEqualTo(true);
        assertThat(status.get("membersSeen")).isEqualTo(3);
        assertThat(status.get("healthy")).isEqualTo(6);
        assertThat(ok(atAddress("members")).out()).contains("NAME", "voter", "seen");
        assertThat(ok(ofA("members -o ids")).lines()).hasSize(3);
        assertThat(ok(atAddress("partitions")).lines()).hasSize(7);
        fieldsAreIn(page, "status", status);
        fieldsAreIn(page, "members", list(ok(ofA("members -o json"))).get(0));
        fieldsAreIn(page, "partitions", list(ok(ofA("partitions -o json"))).get(0));

        tasksAreStoredAndShown();
        ordersGoThroughADirectory();

        storeInEveryPartition();
        nodes.get(2).close();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> atAddress("status").out().contains("c has everything, and is not seen"));
        assertThat(atAddress("status").exitCode()).isEqualTo(1);
        Result listed = ofA("tasks list -o ids");
        assertThat(listed.exitCode()).as("%s", listed).isEqualTo(5);
        assertThat(listed.lines()).isNotEmpty().hasSizeLessThan(KEYS);
        assertThat(listed.err()).contains("partition", "its tasks are missing here", "[HF-0612]");
        Result said = ofA("cluster recover -o json");
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.err()).contains("Nothing was done", "--accept-data-loss");
        fieldsAreIn(page, "cluster recover", list(said).get(0));
        assertThat(ofA("cluster recover --accept-data-loss --all").exitCode()).isEqualTo(2);
        assertThat(ofA("cluster recover --accept-data-loss --all --survivor d").exitCode())
                .isEqualTo(4);
        Result gone = ofA("cluster recover --accept-data-loss --all --survivor c");
        assertThat(gone.exitCode()).as("%s", gone).isEqualTo(3);
        assertThat(gone.err()).contains("not seen");
        Result done = ofA("cluster recover --accept-data-loss --all --survivor b");
        assertThat(done.exitCode()).as("%s", done).isZero();
        assertThat(done.out()).contains("What b has of partition");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(atAddress("partitions -o json").out()).doesNotContain("no leader"));
        Result removed = ofA("cluster remove c");
        assertThat(removed.exitCode()).as("%s", removed).isZero();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(ok(atAddress("members -o ids")).lines()).hasSize(2));
        await().atMost(Duration.ofSeconds(30)).until(() -> atAddress("status").exitCode() == 0);

        Result asked = run("cluster leave --data " + directory.resolve("b"));
        assertThat(asked.exitCode()).as("%s", asked).isEqualTo(3);
        assertThat(asked.err()).contains("Have b leave for good", "which go to a", "--yes");
        assertThat(ok(ofA("members")).out()).doesNotContain("leaving");
        Result left = run("cluster leave --yes --wait 40s --data " + directory.resolve("b"));
        assertThat(left.exitCode()).as("%s", left).isZero();
        // One that did not lead the control plane hears of it with the leader's next message.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(ok(ofA("members")).out()).contains("a ").doesNotContain("b "));
        nobodyIsThereWhoCouldTakeTheLastOnes();
    }

    private void nobodyIsThereWhoCouldTakeTheLastOnes() {
        Result tried = ofA("cluster leave --yes --wait 6s");
        assertThat(tried.exitCode()).as("%s", tried).isEqualTo(1);
        assertThat(tried.err())
                .contains("Still leaving: it has copies of 6 partitions yet", "can not be taken back", "given again");
        assertThat(ofA("cluster leave --wait 1ms").exitCode())
                .as("it is asked once")
                .isEqualTo(1);
    }

    @Test
    void whatATableWithoutALeaderSaysIsMarkedAsOld() throws Exception {
        startThree();
        nodes.get(1).close();
        nodes.get(2).close();
        String note = "No leader of the control plane is known";
        await().atMost(Duration.ofSeconds(30)).until(() -> ofA("members").err().contains(note));
        Result members = ok(ofA("members"));
        assertThat(members.out().lines().filter(line -> line.contains("not seen")))
                .as("%s", members)
                .hasSize(2);
        assertThat(ok(ofA("partitions")).err()).contains(note);
        Result recover = ofA("cluster recover");
        assertThat(recover.exitCode()).as("%s", recover).isNotZero();
        assertThat(recover.err()).contains(note).doesNotContain("Nothing to recover");
    }

    private void tasksAreStoredAndShown() {
        Result stored = ok(atAddress(
                "submit --executor jobs --arg text=done --class " + Job.class.getName() + " --wait 30s -o json"));
        assertThat(one(stored).get("value")).isEqualTo("done");
        Object id = one(stored).get("taskId");
        assertThat(ok(atAddress("tasks list")).out()).contains(String.valueOf(id), "COMPLETED");
        assertThat(ok(atAddress("tasks result " + id)).out()).isEqualTo("done\n");
        for (String of : List.of("a", "b", "c")) { // whoever leads its partition
            Result shown = ok(run("tasks show " + id + " --data " + directory.resolve(of)));
            assertThat(shown.out()).contains("COMPLETED");
            assertThat(ok(run("executors list -o ids --data " + directory.resolve(of)))
                            .lines())
                    .containsExactly("jobs");
            Result verified = ok(run("storage verify --data " + directory.resolve(of)));
            assertThat(verified.out()).contains("Sound", "warnings=0");
        }
        assertThat(ok(atAddress("executors pause jobs")).out()).contains("Paused");
        assertThat(ok(ofA("executors show jobs")).out()).contains("Paused:           true");
        assertThat(ok(atAddress("executors resume jobs")).out()).contains("jobs");
        assertThat(ok(atAddress("tasks dispose " + id)).exitCode()).isZero();
        assertThat(atAddress("tasks show " + id).exitCode()).isEqualTo(4);
    }

    private void storeInEveryPartition() throws Exception {
        DurableExecutorService jobs = nodes.get(0).getDurableExecutorService("jobs");
        for (int key = 0; key < KEYS; key++) {
            assertThat(jobs.submitToKeyOwner(new Job("stored"), key).get()).isEqualTo("stored");
        }
        assertThat(ok(ofA("tasks list -o ids")).lines()).hasSize(KEYS);
    }

    private void ordersGoThroughADirectory() throws Exception {
        Result refused = atAddress("cluster recover");
        assertThat(refused.exitCode()).as("%s", refused).isEqualTo(3);
        assertThat(atAddress("storage verify").exitCode()).isEqualTo(2);
        assertThat(ok(ofA("cluster recover")).err()).contains("Nothing to recover");
        assertThat(ofA("cluster recover --partition 0").exitCode()).isEqualTo(3);
        assertThat(ofA("cluster recover --partition 99").exitCode()).isEqualTo(4);
        aLeaderThatIsSeenIsNotDeposed();
        assertThat(ofA("cluster remove b").exitCode()).isEqualTo(3);
        assertThat(ofA("cluster remove nobody").exitCode()).isEqualTo(4);
    }

    /** As by a console that had looked before it was elected. */
    private void aLeaderThatIsSeenIsNotDeposed() throws IOException {
        try (AdminClient member = AdminClient.connect(directory.resolve("a"))) {
            ClusterReport report = member.report();
            ClusterReport.Copies led = report.partitions().stream()
                    .filter(copies -> !report.nameOf(copies.primary()).equals("b"))
                    .findFirst()
                    .orElseThrow();
            assertThatThrownBy(() -> member.order(ClusterOrder.recover(led.id(), led.epoch(), "b", "a test")))
                    .isInstanceOf(AdminFailure.class)
                    .hasMessageContainingAll("has a leader that is seen", "primary=" + report.nameOf(led.primary()));
            assertThatThrownBy(() -> member.order(ClusterOrder.recover(led.id(), led.epoch() + 1, "b", "a test")))
                    .isInstanceOf(AdminFailure.class)
                    .hasMessageContaining("look again");
        }
    }

    @Test
    void aNodeAloneHasAStatusAndTakesNoOrders() {
        Config config = new Config().setPartitionCount(2).setNodeName("alone");
        config.getStorageConfig().setDirectory(directory.resolve("a"));
        nodes.add(Holdfast.newInstance(config));
        assertThat(ok(ofA("status")).out()).contains("alone").doesNotContain("Control plane");
        assertThat(ok(ofA("members")).lines()).hasSize(2);
        assertThat(ok(ofA("partitions -o ids")).lines()).containsExactly("0", "1");
        assertThat(ofA("cluster remove b").exitCode()).isEqualTo(3);
        assertThat(ofA("cluster leave").exitCode()).isEqualTo(3);
        assertThat(ofA("cluster leave --wait 999999d").exitCode()).isEqualTo(3);
        nodes.get(0).close();
        assertThat(ofA("status").exitCode()).isEqualTo(5);
        assertThat(run("status --data " + directory.resolve("nothing")).exitCode())
                .isEqualTo(4);
        assertThat(run("status --address 127.0.0.1:1").exitCode()).isEqualTo(5);
        assertThat(run("status --address nonsense").exitCode()).isEqualTo(2);
        assertThat(run("tasks list --address 127.0.0.1:1").exitCode()).isEqualTo(5);
    }

    private void startThree() throws Exception {
        List<Integer> ports = FreePorts.of(3);
        List<String> members = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        address = members.get(0);
        List<CompletableFuture<HoldfastInstance>> starting = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            Config config = new Config()
                    .setClusterName("console")
                    .setNodeName(List.of("a", "b", "c").get(i))
                    .setPartitionCount(6)
                    .setSubmitTimeout(Duration.ofSeconds(8));
            config.getStorageConfig().setDirectory(directory.resolve(config.getNodeName()));
            config.getNetworkConfig()
                    .setEnabled(true)
                    .setHost("127.0.0.1")
                    .setPort(ports.get(i))
                    .setMembers(members);
            config.getSerializationConfig().addAllowedClasses("dev.holdfast.cli.**");
            config.getDurableExecutorConfig("default").setDurability(0);
            starting.add(CompletableFuture.supplyAsync(() -> Holdfast.newInstance(config)));
        }
        for (CompletableFuture<HoldfastInstance> each : starting) {
            nodes.add(each.get());
        }
    }

    private Result ofA(String command) {
        return run(command + " --data " + directory.resolve("a"));
    }

    private Result atAddress(String command) {
        return run(command + " --address " + address);
    }

    private static Result run(String command) {
        return MainTest.inThisJvm(command.split(" "));
    }

    private static Result ok(Result result) {
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result;
    }

    private static Map<?, ?> one(Result result) {
        return JsonMapper.shared().readValue(result.out(), Map.class);
    }

    private static List<?> list(Result result) {
        return JsonMapper.shared().readValue(result.out(), List.class);
    }

    private static void fieldsAreIn(String page, String command, Object document) throws IOException {
        String section = page.split("### Fields of `" + command + "`\n", 2)[1].split("\n#", 2)[0];
        assertThat(((Map<?, ?>) document).keySet())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(section).as(command).contains("`" + name + "`"));
    }
}
