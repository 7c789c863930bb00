package dev.holdfast.node.codec.stream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Objects of the JDK that stand for one value: numbers, texts, times. */
final class KnownValues {

    static final String LAMBDA = "java.lang.invoke.SerializedLambda";

    private static final int LONGEST_INTEGER = 256;
    private static final int LARGEST_SCALE = 10_000;
    private static final Set<String> HOLD_A_VALUE = Set.of(
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Short",
            "java.lang.Byte",
            "java.lang.Double",
            "java.lang.Float",
            "java.lang.Boolean",
            "java.lang.Character",
            "java.util.concurrent.atomic.AtomicInteger",
            "java.util.concurrent.atomic.AtomicLong");

    private KnownValues() {}

    /** A number, a Boolean, a character or a text; null if it is none of these, or not written as they are. */
    static @Nullable Object of(Node.Instance instance) {
        try {
            return HOLD_A_VALUE.contains(instance.type)
                    ? plain(instance.field("value"))
                    : switch (instance.type) {
                        case "java.util.concurrent.atomic.AtomicBoolean" -> number(instance, "value") != 0;
                        case "java.util.UUID" ->
                            new UUID(number(instance, "mostSigBits"), number(instance, "leastSigBits")).toString();
                        case "java.math.BigInteger" -> integer(instance).toString();
                        case "java.math.BigDecimal" -> decimal(instance);
                        case "java.util.Date", "java.sql.Timestamp", "java.sql.Date", "java.sql.Time" -> date(instance);
                        case "java.net.URI" -> text(instance.field("string"));
                        case "java.io.File" -> text(instance.field("path"));
                        case "java.util.Currency" -> text(instance.field("currencyCode"));
                        case "java.util.Locale" -> locale(instance);
                        case "java.util.regex.Pattern" -> text(instance.field("pattern"));
                        case "java.lang.StackTraceElement" -> frame(instance);
                        case "java.time.Ser" -> TimeValues.of(firstBlock(instance));
                        default -> null;
                    };
        } catch (RuntimeException | StreamProblem otherwiseWritten) {
            return null; // then its fields are shown as they are
        }
    }

    static String text(Node node) {
        return node instanceof Node.Text text ? text.head : "?";
    }

    private static @Nullable Object plain(Node node) {
        return node instanceof Node.Plain plain ? plain.value : null;
    }

    /** @throws IllegalArgumentException it is no number */
    private static long number(Node.Instance instance, String field) {
        if (plain(instance.field(field)) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(field);
    }

    private static byte[] firstBlock(Node.Instance instance) {
        if (!instance.written().kept.isEmpty() && instance.written().kept.get(0) instanceof Node.Block block) {
            return block.head;
        }
        throw new IllegalArgumentException(instance.type);
    }

    private static BigInteger integer(Node.Instance instance) {
        if (instance.field("magnitude") instanceof Node.Array array
                && array.elements.count <= LONGEST_INTEGER
                && (array.elements.kept.isEmpty() || array.elements.kept.get(0) instanceof Node.Block)) {
            byte[] magnitude =
                    array.elements.kept.isEmpty() ? new byte[0] : ((Node.Block) array.elements.kept.get(0)).head;
            return new BigInteger((int) number(instance, "signum"), magnitude);
        }
        throw new IllegalArgumentException(instance.type);
    }

    private static String decimal(Node.Instance instance) {
        int scale = (int) number(instance, "scale");
        if (instance.field("intVal") instanceof Node.Instance unscaled && Math.abs((long) scale) <= LARGEST_SCALE) {
            return new BigDecimal(integer(unscaled), scale).toString();
        }
        throw new IllegalArgumentException(instance.type);
    }

    private static String date(Node.Instance instance) throws StreamProblem {
        return Instant.ofEpochMilli(new Cursor(firstBlock(instance), 0).signedLong())
                .toString();
    }

    private static String locale(Node.Instance instance) {
        String country = text(instance.field("country"));
        return text(instance.field("language")) + (country.isEmpty() ? "" : "-" + country);
    }

    private static String frame(Node.Instance instance) {
        Node file = instance.field("fileName");
        long line = number(instance, "lineNumber");
        return text(instance.field("declaringClass")) + "." + text(instance.field("methodName")) + "("
                + (file instanceof Node.Text ? text(file) + (line >= 0 ? ":" + line : "") : "Unknown Source") + ")";
    }
}
