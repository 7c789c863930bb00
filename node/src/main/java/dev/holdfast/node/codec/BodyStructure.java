package dev.holdfast.node.codec;

import dev.holdfast.node.codec.records.RecordCodec;
import dev.holdfast.node.codec.records.RecordStructure;
import dev.holdfast.node.codec.stream.StreamStructure;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in the stored bytes of a task or a result, to be looked at: maps, lists and plain values, see {@link
 * StreamStructure}. Made without the application's classes: nothing of what is read is loaded or runs.
 *
 * @param value null where nothing can be read, and of a stored null
 * @param problem why there is not all of it, or null
 */
public record BodyStructure(
        @Nullable Object value, @Nullable String problem) {

    private static final int MOST_TEXT = 2_000;
    private static final int MOST_BYTES = 32;

    /** Of a task's payload; of one that was submitted with its result, {@code task} and {@code result}. Never throws. */
    public static BodyStructure ofTask(String codec, byte[] bytes) {
        if (codec.equals(RecordCodec.NAME)) {
            return ofRecord(bytes);
        }
        if (!codec.equals(JavaTaskCodec.NAME)) {
            return unknown(codec);
        }
        try {
            TaskPayload payload = TaskPayload.parse(bytes);
            int count = payload.hasResult() ? 2 : 1;
            StreamStructure structure = StreamStructure.of(bytes, payload.streamOffset(), count);
            List<@Nullable Object> values = structure.values();
            if (count == 1 || values.isEmpty()) {
                return of(structure);
            }
            Map<String, @Nullable Object> both = new LinkedHashMap<>();
            both.put("task", values.get(0));
            both.put("result", values.size() < 2 ? null : values.get(1));
            return new BodyStructure(both, structure.problem());
        } catch (IOException e) {
            return new BodyStructure(null, "it is no payload of this version: " + e);
        }
    }

    /** Of a stored result. Never throws. */
    public static BodyStructure ofResult(String codec, byte[] bytes) {
        if (codec.equals(JavaTaskCodec.NAME)) {
            return of(StreamStructure.of(bytes, 0, 1));
        }
        try {
            return switch (codec) {
                case "null" -> new BodyStructure(null, null);
                case "string" -> new BodyStructure(shortened(new String(bytes, StandardCharsets.UTF_8)), null);
                case "int" -> new BodyStructure(ByteBuffer.wrap(bytes).getInt(), null);
                case "long" -> new BodyStructure(ByteBuffer.wrap(bytes).getLong(), null);
                case "double" -> new BodyStructure(ByteBuffer.wrap(bytes).getDouble(), null);
                case "boolean" -> new BodyStructure(ByteBuffer.wrap(bytes).get() != 0, null);
                case RecordCodec.NAME -> ofRecord(bytes);
                case "bytes" -> new BodyStructure(hex(bytes), null);
                default -> unknown(codec);
            };
        } catch (BufferUnderflowException e) {
            return new BodyStructure(
                    null, "it is shorter than its codec says: codec=" + codec + ", bytes=" + bytes.length);
        }
    }

    private static BodyStructure of(StreamStructure structure) {
        return new BodyStructure(
                structure.values().isEmpty() ? null : structure.values().get(0), structure.problem());
    }

    private static BodyStructure ofRecord(byte[] bytes) {
        RecordStructure structure = RecordStructure.of(bytes);
        return new BodyStructure(structure.value().isEmpty() ? null : structure.value(), structure.problem());
    }

    private static BodyStructure unknown(String codec) {
        return new BodyStructure(null, "its codec is not known here: codec=" + codec);
    }

    private static String shortened(String text) {
        return text.length() <= MOST_TEXT
                ? text
                : text.substring(0, MOST_TEXT) + "... (" + text.length() + " characters)";
    }

    private static String hex(byte[] bytes) {
        int shown = Math.min(MOST_BYTES, bytes.length);
        return "bytes(" + bytes.length + ") " + HexFormat.of().formatHex(bytes, 0, shown)
                + (shown < bytes.length ? "..." : "");
    }
}
