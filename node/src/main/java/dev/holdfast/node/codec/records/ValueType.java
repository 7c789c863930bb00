package dev.holdfast.node.codec.records;

import java.io.IOException;

/** A type of plain values that may be null, which this form has bytes for. */
abstract class ValueType {

    final int code;
    final Class<?> type;

    ValueType(int code, Class<?> type) {
        this.code = code;
        this.type = type;
    }

    /** Whether whoever has two references to one value could tell it from two equal ones: by writing to it. */
    boolean hasIdentity() {
        return type.isArray();
    }

    /** Bytes of {@code value}. */
    abstract long size(Object value);

    abstract void write(RecordOutput out, Object value);

    abstract Object read(RecordInput in) throws IOException;
}
