package dev.holdfast.node.remote;

import dev.holdfast.storage.log.PartitionId;

/**
 * Asks to be told how a task ends.
 *
 * @param number by which the same connection takes it back; never given twice by one caller
 * @param asResult whether a result that was given up before the end is not to be waited for
 * @param waitMillis after which the answer is that it has not ended
 */
record AwaitRequest(
        PartitionId partition, long number, String executor, long sequence, boolean asResult, int waitMillis) {

    WireWriter write() {
        return new WireWriter()
                .u16(partition.value())
                .i64(number)
                .text(executor)
                .i64(sequence)
                .flag(asResult)
                .i32(waitMillis);
    }

    static AwaitRequest read(WireReader in) {
        return new AwaitRequest(
                new PartitionId(in.u16()), in.i64(), in.requiredText(), in.i64(), in.flag(), in.count());
    }
}
