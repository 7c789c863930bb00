package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stored bytes say about the record in them. */
record Schema(String className, List<Part> parts) {

    static final int ENUM = 'E';
    static final int RECORD = 'R';

    /** Deeper and larger than this version writes, for a later one. */
    private static final int DEEPEST = 32;

    private static final int MOST_PARTS = 1_024;

    /**
     * A component as it was written.
     *
     * @param enumClass with {@link #ENUM}
     * @param nested with {@link #RECORD}
     */
    record Part(
            String name,
            int code,
            @Nullable String enumClass,
            @Nullable Schema nested) {}

    static Schema read(RecordInput in) throws IOException {
        return read(in, 0, new int[1]);
    }

    private static Schema read(RecordInput in, int depth, int[] count) throws IOException {
        if (depth > DEEPEST) {
            throw new StreamCorruptedException("records are nested too deeply: limit=" + DEEPEST);
        }
        String className = in.text(in.unsignedShort());
        int components = in.unsignedByte();
        count[0] += components;
        if (count[0] > MOST_PARTS) {
            throw new StreamCorruptedException("there are too many components: limit=" + MOST_PARTS);
        }
        List<Part> parts = new ArrayList<>(components);
        for (int i = 0; i < components; i++) {
            String name = in.text(in.unsignedShort());
            int code = in.unsignedByte();
            String enumClass = code == ENUM ? in.text(in.unsignedShort()) : null;
            Schema nested = code == RECORD ? read(in, depth + 1, count) : null;
            boolean isKnown = enumClass != null
                    || nested != null
                    || PrimitiveType.of(code) != null
                    || ValueTypes.of(code) != null;
            if (!isKnown) {
                throw new StreamCorruptedException(
                        "a component is of a type that this version does not know: component=" + className + "." + name
                                + ", type=" + code);
            }
            parts.add(new Part(name, code, enumClass, nested));
        }
        return new Schema(className, parts);
    }
}
