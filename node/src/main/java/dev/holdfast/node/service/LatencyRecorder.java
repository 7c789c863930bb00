package dev.holdfast.node.service;

import dev.holdfast.DurableExecutorStats.Latency;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Three latencies of one executor, in buckets that grow by about 5 %; recording is wait-free. */
public final class LatencyRecorder {

    private final Histogram submitToStored = new Histogram();
    private final Histogram submitToResult = new Histogram();
    private final Histogram execution = new Histogram();

    public void submittedToStored(long nanos) {
        submitToStored.record(nanos);
    }

    public void submittedToResult(long nanos) {
        submitToResult.record(nanos);
    }

    public void executed(long nanos) {
        execution.record(nanos);
    }

    Latency submitToStored() {
        return submitToStored.latency();
    }

    Latency submitToResult() {
        return submitToResult.latency();
    }

    Latency execution() {
        return execution.latency();
    }

    /** Sixteen buckets for each power of two. */
    private static final class Histogram {

        private static final int SUB_BITS = 4;

        private final AtomicLongArray buckets = new AtomicLongArray((64 - SUB_BITS) << SUB_BITS);
        private final LongAdder count = new LongAdder();
        private final LongAccumulator max = new LongAccumulator(Math::max, 0);

        void record(long nanos) {
            long value = Math.max(nanos, 0);
            buckets.incrementAndGet(bucketOf(value));
            count.increment();
            max.accumulate(value);
        }

        Latency latency() {
            long total = count.sum();
            if (total == 0) {
                return Latency.NONE;
            }
            return new Latency(total, at(0.5), at(0.99), at(0.999), Duration.ofNanos(max.get()));
        }

        private Duration at(double quantile) {
            long total = 0;
            for (int i = 0; i < buckets.length(); i++) {
                total += buckets.get(i);
            }
            long rank = (long) Math.ceil(total * quantile);
            long seen = 0;
            for (int i = 0; i < buckets.length(); i++) {
                seen += buckets.get(i);
                if (seen >= rank) {
                    return Duration.ofNanos(Math.min(upperEdge(i), max.get()));
                }
            }
            return Duration.ofNanos(max.get());
        }

        private static int bucketOf(long value) {
            if (value < 1 << SUB_BITS) {
                return (int) value;
            }
            int exponent = 63 - Long.numberOfLeadingZeros(value);
            int sub = (int) (value >>> (exponent - SUB_BITS)) & ((1 << SUB_BITS) - 1);
            return ((exponent - SUB_BITS + 1) << SUB_BITS) + sub;
        }

        private static long upperEdge(int bucket) {
            if (bucket < 1 << SUB_BITS) {
                return bucket;
            }
            int exponent = (bucket >>> SUB_BITS) + SUB_BITS - 1;
            long sub = bucket & ((1 << SUB_BITS) - 1);
            return (((1L << SUB_BITS) + sub + 1) << (exponent - SUB_BITS)) - 1;
        }
    }
}
