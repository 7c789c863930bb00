package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.Contender;
import java.util.Arrays;
import java.util.List;

/** One kind of load, in this JVM: {@code Measurement LOAD key=value...}. */
public interface Measurement {

    /** Begins a line for people, beside the figures. */
    String NOTE = "note: ";

    Figures measure(Options options) throws Exception;

    static void main(String[] words) throws Exception {
        List<String> all = Arrays.asList(words);
        Options options = Options.parse(all.subList(1, all.size()));
        int status = 1;
        try {
            System.out.println(of(all.get(0), options).measure(options).toLine());
            System.out.flush();
            status = 0;
        } catch (Exception | Error problem) {
            problem.printStackTrace();
        }
        System.exit(status); // a contender that was left open has threads
    }

    private static Measurement of(String load, Options options) {
        return switch (load) {
            case "throughput" -> new Throughput(Contender::submitAsync);
            case "blocking" ->
                new Throughput((contender, payload) -> contender.submit(payload).stage());
            case "profile" -> new Profile(new Throughput(Contender::submitAsync));
            case "one-outstanding" -> new OneOutstanding();
            case "retrieve-dispose" -> new RetrieveDispose();
            case "fill" -> new FillLog();
            case "recover" -> new Recover();
            case "heap" -> new HeapPerTask();
            case "cold" -> new ColdStart();
            case "idle" -> new Idle();
            case "checkpoint" -> new WhileCheckpointing();
            case "failover" ->
                options.text("contender").startsWith("hazelcast") ? new HazelcastFailover() : new Failover();
            case "join" -> new Join();
            case "cluster-idle" -> new ClusterIdle();
            default -> throw new IllegalArgumentException("No such load: load=" + load);
        };
    }

    /** The contender that {@code options} name, on their directory. */
    static Contender open(Options options) throws Exception {
        return Contender.open(options.text("contender"), options.directory(), Options.POOL_SIZE);
    }

    static byte[] payload(Options options) {
        byte[] payload = new byte[options.number("bytes")];
        Arrays.fill(payload, (byte) 'x');
        return payload;
    }
}
