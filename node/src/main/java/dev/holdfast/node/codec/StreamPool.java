package dev.holdfast.node.codec;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A few streams that are used again: the buffers and tables that the JDK makes for each cost more than a small message. One
 * per node and no {@link ThreadLocal}: the threads are the application's, and must not keep our classes, or its own, when the
 * node is gone. Thread-safe, never blocks; whoever finds none makes one, and one too many is left to the collector.
 */
final class StreamPool<T> {

    private final AtomicReferenceArray<@Nullable T> slots;

    StreamPool(int size) {
        this.slots = new AtomicReferenceArray<>(size);
    }

    /** Enough for every core to be in the middle of one while another is handed over. */
    static int usualSize() {
        return 2 * Runtime.getRuntime().availableProcessors();
    }

    /** One that nobody else has, or null. */
    @Nullable
    T take() {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) != null) {
                T stream = slots.getAndSet(i, null);
                if (stream != null) {
                    return stream;
                }
            }
        }
        return null;
    }

    void giveBack(T stream) {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, stream)) {
                return;
            }
        }
    }
}
