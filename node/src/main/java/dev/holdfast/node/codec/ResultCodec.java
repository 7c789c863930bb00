package dev.holdfast.node.codec;

import dev.holdfast.ResultNotReadableException;
import dev.holdfast.TaskNotAllowedException;
import dev.holdfast.node.codec.records.RecordCodec;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Results. The usual immutable ones, and records of plain values, have bytes of their own: a serialisation stream costs microseconds to open, and they
 * can be read without any class of the application.
 */
final class ResultCodec {

    private static final byte[] NOTHING = {};
    private static final String NULL = "null";
    private static final String STRING = "string";
    private static final String INT = "int";
    private static final String LONG = "long";
    private static final String DOUBLE = "double";
    private static final String BOOLEAN = "boolean";
    private static final String BYTES = "bytes";

    private static final TaskCodec.EncodedResult ENCODED_NULL = new TaskCodec.EncodedResult(NOTHING, NULL);

    private final ObjectStreams streams;
    private final RecordBodies records;
    private final long maxPayload;

    ResultCodec(ObjectStreams streams, RecordBodies records, long maxPayload) {
        this.streams = streams;
        this.records = records;
        this.maxPayload = maxPayload;
    }

    TaskCodec.EncodedResult encode(@Nullable Object result) throws ResultNotEncodableException {
        if (result == null) {
            return ENCODED_NULL;
        }
        TaskCodec.EncodedResult simple = encodeSimple(result);
        if (simple == null) {
            return encodeStream(result);
        }
        if (simple.bytes().length > maxPayload) {
            throw tooLarge(result, simple.bytes().length);
        }
        return simple;
    }

    private TaskCodec.@Nullable EncodedResult encodeSimple(Object result) {
        if (result instanceof String text) {
            return hasSurrogates(text) || text.length() > maxPayload
                    ? null
                    : new TaskCodec.EncodedResult(text.getBytes(StandardCharsets.UTF_8), STRING);
        }
        if (result instanceof Integer number) {
            return new TaskCodec.EncodedResult(
                    ByteBuffer.allocate(4).putInt(number).array(), INT);
        }
        if (result instanceof Long number) {
            return new TaskCodec.EncodedResult(
                    ByteBuffer.allocate(8).putLong(number).array(), LONG);
        }
        if (result instanceof Double number) {
            return new TaskCodec.EncodedResult(
                    ByteBuffer.allocate(8).putDouble(number).array(), DOUBLE);
        }
        if (result instanceof Boolean flag) {
            return new TaskCodec.EncodedResult(new byte[] {(byte) (flag ? 1 : 0)}, BOOLEAN);
        }
        if (result instanceof byte[] bytes) {
            // A copy, as the task may go on writing to its array.
            return bytes.length <= maxPayload ? new TaskCodec.EncodedResult(bytes.clone(), BYTES) : null;
        }
        byte[] record = records.encode(result, false, maxPayload);
        return record == null ? null : new TaskCodec.EncodedResult(record, RecordCodec.NAME);
    }

    /** UTF-8 has no bytes for half a pair of surrogates; such texts, and emoji with them, take the stream. */
    private static boolean hasSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private TaskCodec.EncodedResult encodeStream(Object result) throws ResultNotEncodableException {
        try (ObjectStreams.Written written = streams.write(maxPayload, result)) {
            return new TaskCodec.EncodedResult(written.bytes(NOTHING), JavaTaskCodec.NAME);
        } catch (BoundedBytes.OverLimitException e) {
            throw tooLarge(result, e.atLeast());
        } catch (NotSerializableException e) {
            throw new ResultNotEncodableException(
                    "Result can't be stored: " + ObjectPath.describe("result", result, e)
                            + ". Return serialisable values, or make the field transient",
                    e);
        } catch (TaskNotAllowedException e) {
            throw new ResultNotEncodableException("Result can't be stored: " + e.getMessage(), e);
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            throw new ResultNotEncodableException(
                    "Result can't be stored: class=" + result.getClass().getName() + ", problem=" + e, e);
        }
    }

    private ResultNotEncodableException tooLarge(Object result, long atLeast) {
        return new ResultNotEncodableException(
                "Result is too large: class=" + result.getClass().getTypeName()
                        + ", payload-bytes>=" + atLeast + ", max-payload=" + maxPayload
                        + ". Store it elsewhere and return a reference to it, or raise max-payload");
    }

    @Nullable
    Object decode(String codec, byte[] bytes) {
        try {
            return switch (codec) {
                case NULL -> null;
                case STRING -> new String(bytes, StandardCharsets.UTF_8);
                case INT -> ByteBuffer.wrap(bytes).getInt();
                case LONG -> ByteBuffer.wrap(bytes).getLong();
                case DOUBLE -> ByteBuffer.wrap(bytes).getDouble();
                case BOOLEAN -> bytes[0] != 0;
                case BYTES -> bytes.clone();
                case RecordCodec.NAME -> records.decode(bytes);
                case JavaTaskCodec.NAME -> streams.read(bytes, 0, 1)[0];
                default -> throw new IOException("unknown codec: written by a newer version?");
            };
        } catch (Throwable e) { // user code reads user classes here: whatever it throws, the bytes stay
            throw new ResultNotReadableException(
                    "Stored result can't be read here, its bytes stay: codec=" + codec + ", bytes=" + bytes.length
                            + ", problem=" + e + ". Bring the class back, or allow it, and retrieve again",
                    e);
        }
    }
}
