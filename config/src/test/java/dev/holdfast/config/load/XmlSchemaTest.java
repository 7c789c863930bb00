package dev.holdfast.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.SAXException;

class XmlSchemaTest {
    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        try {
            return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                    .newSchema(new StreamSource(new StringReader(Config.xmlSchema())));
        } catch (SAXException e) {
            throw new IllegalStateException(e);
        }
    }

    static void validate(InputStream xml) throws IOException, SAXException {
        SCHEMA.newValidator().validate(new StreamSource(xml));
    }

    static List<Sample> samples() {
        return Sample.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleIsValidAsElementAndAsAttribute(Sample sample) throws Exception {
        validate(sample.xml(true, false));
        validate(sample.xml(true, true));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsPrintedIsValidAndReadsBackEqual(Sample sample) throws Exception {
        Config config = sample.programmatic();
        String xml = config.toXml();
        validate(Sample.stream(xml));
        Config again = Config.fromXml(Sample.stream(xml));
        assertThat(again.toYaml()).isEqualTo(config.toYaml());
        assertThat(again.toXml()).isEqualTo(xml);
    }

    @Test
    void everyElementOfTheTableIsInTheSchemaWithItsDocumentation() {
        String schema = Config.xmlSchema();
        int looked = 0;
        for (Section<?> section : Settings.all()) {
            assertThat(schema).contains("name=\"" + section.name() + "\"").contains(escaped(section.doc()));
            for (SettingKey<?, ?> key : section.keys()) {
                looked++;
                assertThat(schema)
                        .contains("<xs:element name=\"" + key.name() + "\"")
                        .contains("<xs:attribute name=\"" + key.name() + "\"")
                        .contains(escaped(key.doc()));
            }
        }
        assertThat(looked).isGreaterThan(45);
    }

    @Test
    void allSettingsTogetherAreValid() throws Exception {
        List<String> names = new ArrayList<>();
        Config config = new Config();
        for (String name : List.of("a", "b.*", "käse & <co>", "\"quoted\"", "x\u2028y", "\u00a0z")) {
            config.getDurableExecutorConfig(name).setPoolSize(3).setSplitBrainProtectionName(name);
            config.getSplitBrainProtectionConfig(name).setMinimumClusterSize(7);
            names.add(name);
        }
        config.getSerializationConfig().addAllowedClasses("a.B", "c.**");
        String xml = config.validate().toXml();
        validate(Sample.stream(xml));
        Config again = Config.fromXml(Sample.stream(xml));
        assertThat(again.toYaml()).isEqualTo(config.toYaml());
        assertThat(again.getDurableExecutorConfigs().keySet()).containsExactlyElementsOf(names);
        assertThat(Config.fromYaml(Sample.stream(config.toYaml())).toXml()).isEqualTo(xml);
    }

    @ParameterizedTest
    @CsvSource({
        "<storage><snyc>os</snyc></storage>",
        "<storage><sync>sometimes</sync></storage>",
        "<durable-executor-service><pool-size>1</pool-size></durable-executor-service>",
        "<partition-count>many</partition-count>",
        "<network enabled='yes'/>",
        "<shutdown-grace>soon</shutdown-grace>"
    })
    void anEditorShowsMistakes(String content) {
        String xml = "<holdfast xmlns=\"" + Config.XML_NAMESPACE + "\">" + content + "</holdfast>";
        assertThatThrownBy(() -> validate(Sample.stream(xml))).isInstanceOf(SAXException.class);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
