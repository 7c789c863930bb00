package dev.holdfast.node.codec;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task that was read: the user's object, and what stands for its result if it is a {@link Runnable}. */
record DecodedTask(Object target, boolean isRun, @Nullable Object result) implements TaskCodec.Decoded {

    @Override
    public @Nullable Object call() throws Exception {
        if (isRun) {
            ((Runnable) target).run();
            return result;
        }
        return ((Callable<?>) target).call();
    }
}
