package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a stored record holds, as maps, lists, texts, numbers and Booleans, made without its classes: {@code class}, then the
 * components, as those of Java serialisation are shown.
 *
 * @param value what was read
 * @param problem why that is not all, or null
 */
public record RecordStructure(
        Map<String, @Nullable Object> value, @Nullable String problem) {

    private static final int MOST_TEXT = 2_000;
    private static final int MOST_ELEMENTS = 200;
    private static final int MOST_BYTES = 32;
    private static final int MOST_BITS = 6_000;

    /** Never throws. */
    public static RecordStructure of(byte[] bytes) {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        try {
            Schema schema = RecordCodec.schema(bytes);
            RecordInput in = RecordCodec.unguarded(bytes, RecordCodec.schemaEnd(bytes));
            read(schema, in, value);
            return new RecordStructure(
                    value, in.left() == 0 ? null : "it goes on after its end: offset=" + in.offset());
        } catch (IOException | RuntimeException e) {
            return new RecordStructure(value, Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
    }

    private static void read(Schema schema, RecordInput in, Map<String, @Nullable Object> into) throws IOException {
        into.put("class", schema.className());
        for (Schema.Part part : schema.parts()) {
            String key = into.containsKey(part.name()) ? schema.className() + "." + part.name() : part.name();
            Schema nested = part.nested();
            if (nested != null && in.isPresent()) {
                Map<String, @Nullable Object> inner = new LinkedHashMap<>();
                into.put(key, inner); // first, so that what comes before a problem is there
                read(nested, in, inner);
            } else {
                into.put(key, nested == null ? value(part, in) : null);
            }
        }
    }

    private static @Nullable Object value(Schema.Part part, RecordInput in) throws IOException {
        PrimitiveType primitive = PrimitiveType.of(part.code());
        if (primitive != null) {
            return printable(primitive.box(primitive.read(in)));
        }
        if (!in.isPresent()) {
            return null;
        }
        if (part.enumClass() != null) {
            return part.enumClass() + "." + ValueTypes.Text.INSTANCE.read(in);
        }
        return printable(Objects.requireNonNull(ValueTypes.of(part.code())).read(in));
    }

    /** JSON has numbers, texts and Booleans, and neither it nor YAML agree on what is no number. */
    private static Object printable(Object value) {
        if (value instanceof byte[] bytes) {
            int shown = Math.min(MOST_BYTES, bytes.length);
            return "bytes(" + bytes.length + ")"
                    + (shown == 0 ? "" : " " + HexFormat.of().formatHex(bytes, 0, shown))
                    + (shown < bytes.length ? "..." : "");
        }
        if (value.getClass().isArray()) {
            return elements(value);
        }
        if (value instanceof BigInteger integer && integer.bitLength() > MOST_BITS) {
            return "BigInteger(" + integer.bitLength() + " bits)"; // its digits would take minutes
        }
        if (value instanceof BigDecimal decimal && decimal.unscaledValue().bitLength() > MOST_BITS) {
            return "BigDecimal(" + decimal.unscaledValue().bitLength() + " bits, scale " + decimal.scale() + ")";
        }
        boolean isOdd = value instanceof Number number && !Double.isFinite(number.doubleValue());
        boolean isPlain = PrimitiveType.isBoxed(value) && !(value instanceof Character) && !isOdd;
        return isPlain ? value : shortened(value.toString());
    }

    private static String shortened(String text) {
        return text.length() <= MOST_TEXT
                ? text
                : text.substring(0, MOST_TEXT) + "... (" + text.length() + " characters)";
    }

    private static List<Object> elements(Object array) {
        int length = Array.getLength(array);
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < Math.min(length, MOST_ELEMENTS); i++) {
            list.add(printable(Array.get(array, i)));
        }
        if (length > MOST_ELEMENTS) {
            list.add("... (" + (length - MOST_ELEMENTS) + " more)");
        }
        return list;
    }
}
