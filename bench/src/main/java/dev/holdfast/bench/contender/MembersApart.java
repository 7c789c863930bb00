package dev.holdfast.bench.contender;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.remote.ClusterReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Members of Holdfast in processes of their own, with default settings, and in this one a client of them or one more member. */
public final class MembersApart implements AutoCloseable {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final long READY_SECONDS = 90;

    private final List<MemberProcess> members;
    private final MemberPlan plan;
    private final HoldfastInstance here;

    private MembersApart(List<MemberProcess> members, MemberPlan plan, HoldfastInstance here) {
        this.members = members;
        this.plan = plan;
        this.here = here;
    }

    /**
     * Starts them, and a client; returns when all are there and every partition is served.
     *
     * @param durability backups of every task
     */
    public static MembersApart start(Path directory, int poolSize, int size, int durability) throws Exception {
        MemberPlan plan = MemberPlan.apart("holdfast", directory, poolSize, size, durability);
        return start(plan, plan.ports(), MembersApart::connect);
    }

    /** The same, but one of the {@code size} is in this process, in place of a client; nothing here can pick it. */
    public static MembersApart startWithOneHere(Path directory, int poolSize, int size, int durability)
            throws Exception {
        MemberPlan plan = MemberPlan.apart("holdfast", directory, poolSize, size, durability);
        int last = plan.ports().get(size - 1);
        return start(
                plan,
                plan.ports().subList(0, size - 1),
                each -> Holdfast.newInstance(HoldfastMember.config(each.at(last))));
    }

    private static MembersApart start(MemberPlan plan, List<Integer> apart, Function<MemberPlan, HoldfastInstance> here)
            throws Exception {
        List<MemberProcess> members = MemberProcess.startAll(plan, apart);
        try {
            MembersApart started = new MembersApart(members, plan, here.apply(plan));
            started.awaitReady();
            return started;
        } catch (Exception e) {
            MemberProcess.closeAll(members);
            throw e;
        }
    }

    private static HoldfastInstance connect(MemberPlan plan) {
        ClientConfig config = new ClientConfig()
                .setClusterName("holdfast-bench")
                .setMembers(plan.addresses())
                .setRequestTimeout(REQUEST_TIMEOUT);
        config.getSerializationConfig().addAllowedClasses("dev.holdfast.bench.**");
        return Holdfast.newClient(config);
    }

    private void awaitReady() throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (here.getCluster().members().size() < plan.ports().size()
                || !partitions().stream().allMatch(Cluster.Partition::serving)) {
            for (MemberProcess each : members) {
                each.checkAlive();
            }
            if (System.nanoTime() - endNanos >= 0) {
                throw new IllegalStateException("They do not get ready: partitions=" + partitions());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    public DurableExecutorService executor() {
        return here.getDurableExecutorService(HoldfastNode.EXECUTOR);
    }

    private List<Cluster.Partition> partitions() {
        return here.getCluster().partitions();
    }

    /** Numbers of the partitions that the member of this name leads, as this process knows. */
    public Set<Integer> ledBy(String member) {
        return partitions().stream()
                .filter(each -> each.primary().equals(member))
                .map(Cluster.Partition::id)
                .collect(Collectors.toSet());
    }

    /**
     * Starts another one on an empty directory; does not wait for it.
     *
     * @return its name
     */
    public String join() throws IOException {
        MemberPlan joining = plan.at(MemberPlan.freePorts(1).get(0));
        members.add(MemberProcess.start(joining));
        return joining.name();
    }

    /** Whether the cluster knows of it. */
    public boolean isMember(String member) throws IOException {
        find(member).checkAlive();
        return here.getCluster().members().stream().anyMatch(each -> each.name().equals(member));
    }

    /** Whether it has a copy of every partition with all that is committed, as a member says that was there from the beginning. */
    public boolean hasEverything(String member) throws IOException {
        find(member).checkAlive();
        try (AdminClient asked = AdminClient.connect(members.get(0).directory())) {
            ClusterReport report = asked.report();
            return report.partitions().stream()
                    .allMatch(each -> each.inSync().stream()
                            .anyMatch(id -> report.nameOf(id).equals(member)));
        }
    }

    /** As {@link #diskBytes(String)}, of a member that was there from the beginning. */
    public long diskBytes() throws IOException, InterruptedException {
        return diskBytes(members.get(0).name());
    }

    /** What its directory takes of the disk: the log, for what is reserved ahead takes nothing. */
    public long diskBytes(String member) throws IOException, InterruptedException {
        Process du = new ProcessBuilder(
                        "du", "-s", "--block-size=1", find(member).directory().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // a file that goes while it counts
                .start();
        String said = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = du.waitFor();
        if (said.isBlank()) {
            throw new IOException("du failed: member=" + member + ", status=" + status);
        }
        return Long.parseLong(said.substring(0, said.indexOf('\t')));
    }

    /** A member that leads partitions, and the control plane or not. */
    public String pick(boolean leader) throws IOException, InterruptedException {
        for (MemberProcess each : members) {
            if (!ledBy(each.name()).isEmpty() && each.askWhetherItLeads() == leader) {
                return each.name();
            }
        }
        throw new IllegalStateException("No such member: leader=" + leader);
    }

    /** SIGKILL. */
    public void kill(String member) {
        find(member).kill();
    }

    /** SIGSTOP. */
    public void pause(String member) throws IOException, InterruptedException {
        find(member).pause();
    }

    /** SIGCONT. */
    public void resume(String member) throws IOException, InterruptedException {
        find(member).resume();
    }

    private MemberProcess find(String name) {
        return members.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What this process knows, what each knows, and the end of what it has logged, for whoever has to understand a failure. */
    public String lastWords() throws IOException {
        StringBuilder words = new StringBuilder("-- here: " + partitions() + '\n');
        for (MemberProcess each : members) {
            words.append("-- ")
                    .append(each.name())
                    .append(": ")
                    .append(reportOf(each))
                    .append('\n');
            words.append(each.lastWords());
        }
        return words.toString();
    }

    private static String reportOf(MemberProcess member) {
        try (AdminClient asked = AdminClient.connect(member.directory())) {
            return String.valueOf(asked.report());
        } catch (IOException | RuntimeException gone) {
            return String.valueOf(gone.getMessage());
        }
    }

    /** Processor time of each member so far. */
    public double[] cpuMicros() {
        return members.stream().mapToDouble(MemberProcess::cpuMicros).toArray();
    }

    /** Without ceremony; what is in this process ends with it. */
    @Override
    public void close() throws InterruptedException {
        MemberProcess.closeAll(members);
    }
}
