package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import org.jspecify.annotations.Nullable;

/** Writes a configuration as XML such that it reads back equal. */
public final class XmlPrinter {
    /** Of every element; documents without a namespace are read as well. */
    public static final String NAMESPACE = "https://holdfast.dev/config";
    /** The schema's name in the jar, beside {@link Config}, and the location that documents give. */
    public static final String SCHEMA_FILE = "holdfast-config.xsd";

    private static final String INDENT = "    ";

    private final StringBuilder out = new StringBuilder();

    private XmlPrinter() {}

    /** Every setting, in the order of the table. */
    public static String print(Config config) {
        XmlPrinter printer = new XmlPrinter();
        printer.out
                .append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<")
                .append(Settings.ROOT_NAME)
                .append(" xmlns=\"")
                .append(NAMESPACE)
                .append("\"\n          xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n")
                .append("          xsi:schemaLocation=\"")
                .append(NAMESPACE)
                .append(' ')
                .append(SCHEMA_FILE)
                .append("\">\n");
        printer.section(Settings.ROOT, config, INDENT);
        return printer.out.append("</").append(Settings.ROOT_NAME).append(">\n").toString();
    }

    private <C> void section(Section<C> section, C config, String indent) {
        for (SettingKey<C, ?> key : section.keys()) {
            String value = key.print(config);
            if (value != null && key.type() instanceof ListOf type) {
                list(key.name(), type, value, indent);
            } else if (value != null) {
                element(key.name(), value, indent);
            }
        }
        for (Section.Part<C, ?> part : section.parts()) {
            part(part, config, indent);
        }
    }

    private <P, C> void part(Section.Part<P, C> part, P config, String indent) {
        String element = part.section().name();
        part.all().apply(config).forEach((name, one) -> {
            out.append(indent).append('<').append(element);
            if (part.named()) {
                out.append(" name=\"").append(escaped(name)).append('"');
            }
            out.append(">\n");
            section(part.section(), one, indent + INDENT);
            out.append(indent).append("</").append(element).append(">\n");
        });
    }

    private void list(String name, ListOf type, String value, String indent) {
        if (value.isEmpty()) {
            out.append(indent).append('<').append(name).append("/>\n");
            return;
        }
        out.append(indent).append('<').append(name).append(">\n");
        type.parse(value).forEach(item -> element(type.itemName(), item, indent + INDENT));
        out.append(indent).append("</").append(name).append(">\n");
    }

    private void element(String name, String text, String indent) {
        out.append(indent).append('<').append(name).append('>');
        out.append(escaped(text)).append("</").append(name).append(">\n");
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            @Nullable
            String entity = switch (point) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&quot;";
                case '\t', '\n', '\r', 0x85, 0x2028 -> "&#" + point + ";";
                default -> null;
            };
            if (entity != null) {
                safe.append(entity);
            } else if (isXml(point)) {
                safe.appendCodePoint(point);
            } else {
                throw new IllegalStateException(
                        "XML has no way to write this character: " + String.format("U+%04X", point));
            }
        });
        return safe.toString();
    }

    /** What XML 1.0 calls a character. */
    private static boolean isXml(int point) {
        return point >= 0x20 && !(point >= 0xD800 && point <= 0xDFFF) && point != 0xFFFE && point != 0xFFFF;
    }
}
