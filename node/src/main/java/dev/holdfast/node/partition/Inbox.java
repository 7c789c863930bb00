package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * Commands in the order they arrived: any thread offers, the partition's holder takes. Submits are limited, from here to
 * their reply. The others always have room: there are no more than attempts that end, which the pools bound, and callers
 * that wait for their answer.
 */
final class Inbox {

    private static final int CHUNK = 1024;
    /** Payload of a batch, its last command aside: a run must fit into a segment. */
    private static final long MAX_BATCH_BYTES = 4 << 20;

    private final int maxSubmits;
    private final int maxBatch;
    private final MessagePassingQueue<Item> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final AtomicInteger openSubmits = new AtomicInteger();

    Inbox(int maxSubmits, int maxBatch) {
        this.maxSubmits = maxSubmits;
        this.maxBatch = maxBatch;
    }

    /** False if it is a submit too many. */
    boolean offer(Command command, Consumer<Reply> onReply) {
        if (command instanceof Command.Submit && openSubmits.incrementAndGet() > maxSubmits) {
            openSubmits.decrementAndGet();
            return false;
        }
        return queue.offer(new Item(command, onReply));
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** As many as make one run; empty if there are none. */
    List<Item> nextBatch() {
        Item first = queue.poll();
        if (first == null) {
            return List.of();
        }
        List<Item> batch = new ArrayList<>();
        batch.add(first);
        long bytes = first.payloadBytes();
        while (batch.size() < maxBatch && bytes < MAX_BATCH_BYTES) {
            Item next = queue.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
            bytes += next.payloadBytes();
        }
        return batch;
    }

    /** Submits are about to get their replies: others may be offered. */
    void submitsAnswered(int count) {
        openSubmits.addAndGet(-count);
    }
}
