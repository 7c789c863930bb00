package dev.holdfast.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

class DocumentsTest {

    private static final Map<String, Object> ONE =
            Map.of("id", 7L, "trace", "first\n  second\n", "list", List.of("a", "b: c"), "yes", "no");

    @Test
    void listsAreOneDocumentThatOtherProgramsRead() {
        for (List<Map<String, Object>> documents :
                List.of(List.of(ONE, ONE), List.<Map<String, Object>>of(), List.of(ONE))) {
            assertThat(JsonMapper.shared().readValue(printAll(OutputFormat.JSON, documents), List.class))
                    .isEqualTo(plain(documents));
            assertThat(new YAMLMapper().readValue(printAll(OutputFormat.YAML, documents), List.class))
                    .isEqualTo(plain(documents));
        }
    }

    @Test
    void aShellTakesWhatIsQuoted() {
        assertThat(Quoting.shell("plain-1.2/x")).isEqualTo("plain-1.2/x");
        assertThat(Quoting.shell("with blank and 'quote'")).isEqualTo("'with blank and '\\''quote'\\'''");
    }

    private static Object plain(List<Map<String, Object>> documents) {
        return JsonMapper.shared().readValue(JsonMapper.shared().writeValueAsString(documents), List.class);
    }

    private static String printAll(OutputFormat format, List<Map<String, Object>> documents) {
        StringWriter text = new StringWriter();
        Documents.printAll(new PrintWriter(text), format, Stream.of(documents.toArray()));
        return text.toString();
    }
}
