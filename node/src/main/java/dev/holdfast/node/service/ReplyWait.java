package dev.holdfast.node.service;

import dev.holdfast.node.ledger.Reply;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One thread that waits for one reply. An interruption does not end the wait; the flag is kept. */
final class ReplyWait implements Consumer<Reply> {

    private final Thread thread = Thread.currentThread();
    private volatile @Nullable Reply reply;

    @Override
    public void accept(Reply answer) {
        reply = answer;
        if (Thread.currentThread() != thread) {
            LockSupport.unpark(thread);
        }
    }

    /** The reply, or null at the deadline. Only for the thread that made this. */
    @Nullable
    Reply await(long deadlineNanos) {
        boolean interrupted = false;
        Reply answer;
        while ((answer = reply) == null) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(this, left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            thread.interrupt();
        }
        return answer;
    }
}
