package dev.holdfast.node.remote;

/**
 * Asks for the partition table.
 *
 * @param knownVersion the answer waits until the table has a later one
 * @param waitMillis after which the answer is the table as it is
 */
record TableRequest(long knownVersion, int waitMillis) {

    WireWriter write() {
        return new WireWriter().i64(knownVersion).i32(waitMillis);
    }

    static TableRequest read(WireReader in) {
        return new TableRequest(in.i64(), in.count());
    }
}
