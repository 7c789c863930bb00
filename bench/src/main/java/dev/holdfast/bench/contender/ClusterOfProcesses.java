package dev.holdfast.bench.contender;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A cluster of which one member is in this process, which submits, and each of the others in one of its own. */
final class ClusterOfProcesses implements Contender {

    private static final long READY_SECONDS = 60;
    private static final long LOOK_MILLIS = 50;

    private final Contender here;
    private final List<MemberProcess> others;

    private ClusterOfProcesses(Contender here, List<MemberProcess> others) {
        this.here = here;
        this.others = others;
    }

    /** A member that knows when all are there. */
    interface Member extends Contender {

        /** Why not all {@code members} are there, or a task would not be stored as often as it is to be; empty if all is well. */
        String missing(int members) throws Exception;
    }

    /** Makes a member, which may block until the others are there. */
    interface Start {
        Member with(MemberPlan plan) throws Exception;
    }

    /** Returns when the cluster is complete and the work is spread. */
    static ClusterOfProcesses start(MemberPlan plan, Start start) throws Exception {
        List<Integer> ports =
                plan.ports().stream().filter(port -> port != plan.port()).toList();
        List<MemberProcess> others = MemberProcess.startAll(plan, ports);
        try {
            Member here = start.with(plan);
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
            for (String missing = here.missing(plan.ports().size());
                    !missing.isEmpty();
                    missing = here.missing(plan.ports().size())) {
                for (MemberProcess other : others) {
                    other.checkAlive();
                }
                if (System.nanoTime() - endNanos >= 0) {
                    throw new IllegalStateException(
                            "The cluster does not get ready: missing=" + missing + ", plan=" + plan);
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            return new ClusterOfProcesses(here, others);
        } catch (Exception e) {
            MemberProcess.closeAll(others);
            throw e;
        }
    }

    @Override
    public CompletionStage<byte[]> submitAsync(byte[] payload) throws Exception {
        return here.submitAsync(payload);
    }

    @Override
    public Stored submit(byte[] payload) throws Exception {
        return here.submit(payload);
    }

    @Override
    public byte[] retrieve(long id) throws Exception {
        return here.retrieve(id);
    }

    @Override
    public void dispose(long id) throws Exception {
        here.dispose(id);
    }

    /** Not in order: what was stored is of no use any more, and a last member waits for those that are gone. */
    @Override
    public void close() throws InterruptedException, IOException {
        for (MemberProcess other : others) {
            other.checkAlive();
        }
        MemberProcess.closeAll(others);
    }
}
