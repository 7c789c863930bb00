package dev.holdfast.cli.console;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Prints maps, lists and plain values as JSON or YAML. */
public final class Documents {

    private Documents() {}

    private static ObjectMapper mapper(OutputFormat format) {
        if (format == OutputFormat.YAML) {
            return YAMLMapper.builder()
                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                    .enable(YAMLWriteFeature.LITERAL_BLOCK_STYLE)
                    .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                    .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build();
        }
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build();
    }

    /** A value as YAML, without a line break at its end. */
    public static String yaml(@Nullable Object value) {
        return mapper(OutputFormat.YAML).writeValueAsString(value).stripTrailing();
    }

    /** Prints one document. */
    public static void print(PrintWriter out, OutputFormat format, Object document) {
        String text = mapper(format).writeValueAsString(document);
        out.println(text.stripTrailing());
        out.flush();
    }

    /** Prints a list of documents without holding it; stops when nobody reads any more. */
    public static void printAll(PrintWriter out, OutputFormat format, Stream<?> documents) {
        ObjectMapper mapper = mapper(format);
        Iterator<?> all = documents.iterator();
        String separator = "";
        out.print(format == OutputFormat.JSON ? "[" : "");
        while (all.hasNext() && !out.checkError()) {
            String text = mapper.writeValueAsString(all.next()).strip();
            if (format == OutputFormat.JSON) {
                out.print(separator + "\n  " + text.replace("\n", "\n  "));
                separator = ",";
            } else {
                out.println("- " + text.replace("\n", "\n  "));
                separator = "\n";
            }
        }
        if (format == OutputFormat.JSON) {
            out.println(separator.isEmpty() ? "]" : "\n]");
        } else if (separator.isEmpty()) {
            out.println("[]");
        }
        out.flush();
    }

    /** Reads a JSON document into a value of {@code type}. */
    public static <T> T parse(String json, Class<T> type) {
        try {
            return JsonMapper.shared().readValue(json, type);
        } catch (JacksonException e) {
            throw new UncheckedIOException(
                    new java.io.IOException("Not the JSON that was written: " + e.getMessage(), e));
        }
    }

    /** Reads a YAML document that is a map. */
    public static Map<?, ?> parseYaml(String yaml) {
        try {
            return YAMLMapper.shared().readValue(yaml, Map.class);
        } catch (JacksonException e) {
            throw new UncheckedIOException(
                    new java.io.IOException("Not the YAML that was written: " + e.getMessage(), e));
        }
    }

    /** One line of JSON. */
    public static String line(Object document) {
        return JsonMapper.shared().writeValueAsString(document);
    }
}
