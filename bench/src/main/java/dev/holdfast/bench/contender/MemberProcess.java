package dev.holdfast.bench.contender;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A member in a process of its own, with the flags of this one. It ends with this one. What it says is in a file beside its
 * directory.
 */
public final class MemberProcess implements AutoCloseable {

    private static final int LAST_LINES = 20;

    private final MemberPlan plan;
    private final Process process;

    private MemberProcess(MemberPlan plan, Process process) {
        this.plan = plan;
        this.process = process;
    }

    static MemberProcess start(MemberPlan plan) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemberProcess.class.getName()));
        command.addAll(plan.words());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(logOf(plan).toFile())
                .start();
        return new MemberProcess(plan, process);
    }

    /** One on each of the ports; all or none. The list may grow. */
    static List<MemberProcess> startAll(MemberPlan plan, List<Integer> ports) throws IOException, InterruptedException {
        List<MemberProcess> started = new CopyOnWriteArrayList<>();
        try {
            for (int port : ports) {
                started.add(start(plan.at(port)));
            }
            return started;
        } catch (IOException e) {
            closeAll(started);
            throw e;
        }
    }

    static void closeAll(List<MemberProcess> members) throws InterruptedException {
        for (MemberProcess each : members) {
            each.close();
        }
    }

    private static Path logOf(MemberPlan plan) {
        return plan.base().resolve(plan.name() + ".log");
    }

    /** The member itself: until its standard input ends, which its parent holds; whenever a byte comes, it says how it is. */
    public static void main(String[] words) throws Exception {
        MemberPlan plan = MemberPlan.parse(words);
        Contender member = plan.kind().equals("hazelcast") ? new HazelcastMember(plan) : HoldfastMember.start(plan);
        System.out.println("A member: " + member);
        while (System.in.read() >= 0) {
            Path told = answerOf(plan);
            Files.writeString(told.resolveSibling("answer.tmp"), Boolean.toString(leadsControlPlane()));
            Files.move(told.resolveSibling("answer.tmp"), told, StandardCopyOption.ATOMIC_MOVE);
        }
        Runtime.getRuntime().halt(0); // what it stored is of no use any more
    }

    private static Path answerOf(MemberPlan plan) {
        return plan.directory().resolve("bench-answer");
    }

    /** Only the leader of Ratis has threads that bring its log to the others. */
    private static boolean leadsControlPlane() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().contains("LogAppenderDaemon"));
    }

    /** Whether it leads the control plane now. */
    boolean askWhetherItLeads() throws IOException, InterruptedException {
        Path answer = answerOf(plan);
        Files.deleteIfExists(answer);
        process.getOutputStream().write('?');
        process.getOutputStream().flush();
        while (!Files.exists(answer)) {
            checkAlive();
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return Boolean.parseBoolean(Files.readString(answer));
    }

    Path directory() {
        return plan.directory();
    }

    String name() {
        return plan.name();
    }

    /** Throws what it said, if it is not there any more. */
    void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "A member has ended: member=" + name() + "; it said:\n" + Files.readString(logOf(plan)));
        }
    }

    /** The last lines of what it said. */
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(logOf(plan));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())) + "\n";
    }

    /** SIGKILL; does not wait for the end. */
    void kill() {
        process.destroyForcibly();
    }

    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String which) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", which, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill failed: signal=" + which + ", status=" + status);
        }
    }

    /** Processor time so far. */
    double cpuMicros() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1000.0;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("A member does not end: member=" + name());
        }
    }
}
