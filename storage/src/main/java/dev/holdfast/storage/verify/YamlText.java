package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.wire.ValueOut;
import net.openhft.chronicle.wire.WireOut;
import net.openhft.chronicle.wire.YamlWire;
import org.jspecify.annotations.Nullable;

/**
 * Java records as YAML, by Chronicle Wire: one key per component. Nothing is typed, so nothing is instantiated by whoever
 * reads it. Times are shown as such, absent values are left out, bytes are shown as their length and their beginning, and
 * {@code sequence} gets the {@code taskId} that users know. One thread at a time.
 */
final class YamlText {

    private static final int HEX_BYTES = 16;
    private static final String MILLIS = "AtMillis";

    /** Text that needs no quotes, but for words that YAML reads as something else. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./$-]*");

    private static final Pattern NOT_TEXT =
            Pattern.compile("true|false|null|yes|no|on|off|y|n", Pattern.CASE_INSENSITIVE);

    private final Bytes<?> bytes = Bytes.allocateElasticOnHeap(4096);
    private final YamlWire wire = new YamlWire(bytes);
    private final PartitionId partition;

    YamlText(PartitionId partition) {
        this.partition = partition;
    }

    /** Begins the next document. */
    YamlText begin() {
        bytes.clear();
        return this;
    }

    YamlText number(String key, long value) {
        wire.write(key).int64(value);
        return this;
    }

    YamlText text(String key, String value) {
        writeText(wire.write(key), value);
        return this;
    }

    /** A record under its own name, for example {@code attemptStarted}. */
    YamlText value(Record value) {
        String name = value.getClass().getSimpleName();
        if (value instanceof SnapshotItem && name.startsWith("Of")) {
            name = name.substring("Of".length()); // OfTask, OfExecutor, OfPartition
        }
        return value(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), value);
    }

    YamlText value(String key, Record value) {
        wire.write(key).marshallable(inner -> writeComponents(inner, value));
        return this;
    }

    /** The document that was built, with its separator. */
    String end() {
        return "---\n" + new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }

    private void writeComponents(WireOut out, Record value) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object content = read(component, value);
            if (content != null) {
                write(out, component.getName(), content);
            }
        }
    }

    private void write(WireOut out, String name, Object content) {
        if (content instanceof Long number) {
            writeNumber(out, name, number);
        } else if (content instanceof Integer number) {
            out.write(name).int32(number);
        } else if (content instanceof Boolean flag) {
            out.write(name).bool(flag);
        } else if (content instanceof Lsn lsn) {
            out.write(name).int64(lsn.value());
        } else if (content instanceof Epoch epoch) {
            out.write(name).int64(epoch.value());
        } else if (content instanceof Body body) {
            out.write(name).marshallable(inner -> writeBody(inner, body));
        } else if (content instanceof long[] numbers) {
            out.write(name).sequence(list -> writeAll(list, numbers));
        } else if (content instanceof List<?> list) {
            out.write(name).sequence(items -> list.forEach(each -> writeItem(items, (Record) each)));
        } else if (content instanceof Record nested) {
            out.write(name).marshallable(inner -> writeComponents(inner, nested));
        } else {
            writeText(out.write(name), content.toString());
        }
    }

    private void writeNumber(WireOut out, String name, long number) {
        boolean instant = name.endsWith(MILLIS) || name.equals("atMillis");
        if (instant && number != 0) {
            String key = name.substring(0, name.length() - "Millis".length());
            writeText(out.write(key), Instant.ofEpochMilli(number).toString());
        } else if (!instant) {
            out.write(name).int64(number);
        }
        if (name.equals("sequence")) {
            out.write("taskId").int64(TaskId.of(partition, number).value());
        }
    }

    private static void writeBody(WireOut out, Body body) {
        out.write("length").int32(body.length());
        if (body instanceof Body.Inline inline) {
            int shown = Math.min(HEX_BYTES, inline.bytes().length);
            String hex = HexFormat.of().formatHex(inline.bytes(), 0, shown);
            writeText(out.write("hex"), shown < inline.bytes().length ? hex + "..." : hex);
        } else if (body instanceof Body.Stored stored) {
            out.write("lsn").int64(stored.lsn().value());
            writeText(out.write("crc32c"), HexFormat.of().toHexDigits(stored.crc()));
        }
    }

    private void writeItem(ValueOut items, Record item) {
        items.marshallable(inner -> writeComponents(inner, item));
    }

    private static void writeAll(ValueOut list, long[] numbers) {
        for (long number : numbers) {
            list.int64(number);
        }
    }

    /** Wire's own quoting leaves {@code true} and DEL as they are and makes names beyond ASCII unreadable. */
    private static void writeText(ValueOut out, String text) {
        out.rawText(PLAIN.matcher(text).matches() && !NOT_TEXT.matcher(text).matches() ? text : quoted(text));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(code -> {
            switch (code) {
                case '"', '\\' -> quoted.append('\\').appendCodePoint(code);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (isPrintable(code)) {
                        quoted.appendCodePoint(code);
                    } else {
                        quoted.append(String.format(Locale.ROOT, code > 0xFFFF ? "\\U%08X" : "\\u%04X", code));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** Beyond 16 bits Wire's encoding is no UTF-8. */
    private static boolean isPrintable(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> code <= 0xFFFF;
        };
    }

    private static @Nullable Object read(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Not a public record: " + value.getClass(), e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(Objects.requireNonNullElse(e.getCause(), e));
        }
    }
}
