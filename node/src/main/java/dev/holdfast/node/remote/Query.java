package dev.holdfast.node.remote;

import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.storage.log.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * Asks what is committed of a partition or runs of it. What is not needed by the type is 0, an empty text, or null.
 *
 * @param executor of {@link Type#PAGE} null: of all
 * @param sequence of {@link Type#PAGE} the last one that is known already
 * @param part of {@link Type#BODY} what is read
 */
record Query(
        Type type,
        PartitionId partition,
        @Nullable String executor,
        long sequence,
        @Nullable Part part) {

    /** Append only: the ordinals are spoken. */
    enum Type {
        /** One entry, and its attempt. */
        STATUS,
        STALENESS,
        BODY,
        /** Some entries, in their order, and whether there are more. */
        PAGE,
        EXECUTOR,
        RUNNING,
        /** Interrupts an attempt. */
        INTERRUPT,
        /** Names of executors that were ever used there. */
        EXECUTORS;

        /** Whether it tells of stored tasks, and is refused where that is protected; the end of an executor never is. */
        boolean isProtected() {
            return switch (this) {
                case STATUS, STALENESS, BODY, PAGE -> true;
                case EXECUTOR, RUNNING, INTERRUPT, EXECUTORS -> false;
            };
        }

        /** Whether it asks for what is stored of the task that its sequence names, and names no executor. */
        boolean isOfOneTask() {
            return this == STATUS || this == BODY;
        }
    }

    static Query of(Type type, PartitionId partition, @Nullable String executor, long sequence) {
        return new Query(type, partition, executor, sequence, null);
    }

    WireWriter write() {
        return new WireWriter()
                .u8(type.ordinal())
                .u16(partition.value())
                .text(executor)
                .i64(sequence)
                .u8(part == null ? 0 : part.ordinal() + 1);
    }

    static Query read(WireReader in) {
        Type type = in.constant(Type.values());
        PartitionId partition = new PartitionId(in.u16());
        String executor = in.text();
        long sequence = in.i64();
        int part = in.u8();
        if (part > Part.values().length
                || (part == 0) == (type == Type.BODY)
                || (executor == null && (type == Type.STALENESS || type == Type.EXECUTOR || type == Type.RUNNING))) {
            throw new MalformedMessageException("A query without its parts: type=" + type + ", part=" + part);
        }
        return new Query(type, partition, executor, sequence, part == 0 ? null : Part.values()[part - 1]);
    }
}
