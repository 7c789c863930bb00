package dev.holdfast.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What reads bytes that somebody else may have made. Each takes any bytes: it ends, throws nothing but what its documentation
 * names, takes memory in proportion, and what it understood it understands again from what it writes.
 */
public enum Target {
    /** A segment as it may be on a disk. */
    GUARDED_READER(GuardedReaderTarget::take),
    /** Records whose checksums fit, whatever is in them. */
    RECORDS(RecordsTarget::take),
    /** Items of a checkpoint whose checksums fit. */
    CHECKPOINT(CheckpointTarget::take),
    /** What another replica sends of its log. */
    RUNS(RunsTarget::take),
    /** Limits, high-water mark, epoch, membership, identity. */
    SMALL_FILES(SmallFilesTarget::take),
    CONFIG_XML(ConfigTarget::takeXml),
    CONFIG_YAML(ConfigTarget::takeYaml),
    CONFIG_HAZELCAST_XML(ConfigTarget::takeHazelcastXml);

    /** Of a thread, for one input: parsers and scans have their buffers. */
    private static final long ALLOWED_BYTES = 32 << 20;

    private static final long ALLOWED_PER_BYTE = 4_000;
    private static final int MORE = 3;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Taking taking;

    Target(Taking taking) {
        this.taking = taking;
    }

    /** Reads; throws what nobody may see. */
    interface Taking {
        void take(byte[] input) throws Exception;
    }

    /** Throws, an {@link AssertionError} included, if the input shows a mistake. */
    void take(byte[] input) throws Exception {
        long allowed = ALLOWED_BYTES + ALLOWED_PER_BYTE * input.length;
        long taken = measured(input);
        for (int again = 0; taken > allowed && again < MORE; again++) {
            taken = measured(input); // the first time it may have loaded classes, which are instrumented then
        }
        check(taken <= allowed, "Memory out of proportion: bytes=" + taken + ", input=" + input.length);
    }

    private long measured(byte[] input) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        taking.take(input);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
