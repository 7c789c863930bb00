package dev.holdfast.config.load;

import java.util.List;

/** Writes {@code holdfast-config.xsd} from the table. */
final class SchemaWriter {
    private static final String NONE = "[nN][oO][nN][eE]";

    private final StringBuilder types = new StringBuilder();

    private SchemaWriter() {}

    static String write() {
        SchemaWriter writer = new SchemaWriter();
        writer.section(Settings.ROOT, "", false);
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- Made from the table of settings by GeneratedFilesTest; do not edit. -->
                <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="%1$s"
                           targetNamespace="%1$s" elementFormDefault="qualified">
                    <xs:element name="holdfast" type="holdfast">
                        <xs:annotation><xs:documentation>%2$s</xs:documentation></xs:annotation>
                    </xs:element>
                    <xs:simpleType name="name">
                        <xs:annotation><xs:documentation>%3$s</xs:documentation></xs:annotation>
                        <xs:restriction base="xs:token"><xs:minLength value="1"/><xs:maxLength value="255"/></xs:restriction>
                    </xs:simpleType>
                %4$s</xs:schema>
                """.formatted(
                        XmlPrinter.NAMESPACE,
                        escaped(Settings.ROOT.doc()),
                        escaped(Allowed.SERVICE_NAME.describe()),
                        writer.types);
    }

    /** The root has sections that may be repeated, which {@code xs:all} can't say. */
    private void section(Section<?> section, String prefix, boolean named) {
        boolean isRoot = section == Settings.ROOT;
        StringBuilder content = new StringBuilder();
        StringBuilder attributes = new StringBuilder();
        if (named) {
            attributes.append("        <xs:attribute name=\"name\" type=\"name\" use=\"required\"/>\n");
        }
        for (SettingKey<?, ?> key : section.keys()) {
            String type = prefix + key.name();
            boolean list = key.type() instanceof ListOf;
            valueType(key, type);
            content.append(element(key.name(), type + (list ? ".items" : ""), doc(key), isRoot));
            attributes
                    .append("        <xs:attribute name=\"")
                    .append(key.name())
                    .append("\" type=\"")
                    .append(type)
                    .append("\">\n            ")
                    .append(annotation(doc(key)))
                    .append("\n        </xs:attribute>\n");
        }
        for (Section.Part<?, ?> part : section.parts()) {
            String type = prefix + part.section().name();
            section(part.section(), type + ".", part.named());
            content.append(element(part.section().name(), type, part.section().doc(), isRoot));
        }
        String name = isRoot ? Settings.ROOT_NAME : prefix.substring(0, prefix.length() - 1);
        String group = isRoot ? "xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\"" : "xs:all";
        types.append("    <xs:complexType name=\"")
                .append(name)
                .append("\">\n        <")
                .append(group)
                .append(">\n");
        types.append(content).append("        </").append(group.split(" ")[0]).append(">\n");
        types.append(attributes).append("    </xs:complexType>\n");
    }

    private static String element(String name, String type, String doc, boolean inChoice) {
        return "            <xs:element name=\"" + name + "\" type=\"" + type + "\""
                + (inChoice ? "" : " minOccurs=\"0\"") + ">\n                " + annotation(doc)
                + "\n            </xs:element>\n";
    }

    private static String doc(SettingKey<?, ?> key) {
        return key.doc() + " Allowed: " + key.allowed() + ".";
    }

    private static String annotation(String doc) {
        return "<xs:annotation><xs:documentation>" + escaped(doc) + "</xs:documentation></xs:annotation>";
    }

    private void valueType(SettingKey<?, ?> key, String name) {
        types.append("    <xs:simpleType name=\"").append(name).append("\">\n");
        List<String> texts = key.type().texts();
        String pattern = texts.isEmpty() ? key.type().pattern() : anyCase(texts);
        if (key.optional() && !pattern.isEmpty()) {
            pattern += "|" + NONE;
        }
        if (texts.isEmpty()) {
            types.append(restriction(pattern, "        "));
        } else {
            // the enumeration is for editors, the pattern for other ways to write the same
            types.append("        <xs:union>\n            <xs:simpleType><xs:restriction base=\"xs:token\">\n");
            texts.forEach(text -> types.append("                <xs:enumeration value=\"")
                    .append(text)
                    .append("\"/>\n"));
            types.append("            </xs:restriction></xs:simpleType>\n            <xs:simpleType>\n");
            types.append(restriction(pattern, "                "));
            types.append("            </xs:simpleType>\n        </xs:union>\n");
        }
        types.append("    </xs:simpleType>\n");
        if (key.type() instanceof ListOf list) {
            types.append("    <xs:complexType name=\"").append(name).append(".items\" mixed=\"true\">\n");
            types.append("        <xs:sequence>\n            <xs:element name=\"")
                    .append(list.itemName());
            types.append("\" type=\"xs:token\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n        </xs:sequence>\n");
            types.append("    </xs:complexType>\n");
        }
    }

    private static String restriction(String pattern, String indent) {
        return pattern.isEmpty()
                ? indent + "<xs:restriction base=\"xs:token\"/>\n"
                : indent + "<xs:restriction base=\"xs:token\"><xs:pattern value=\"" + escaped(pattern)
                        + "\"/></xs:restriction>\n";
    }

    private static String anyCase(List<String> texts) {
        StringBuilder pattern = new StringBuilder();
        for (String text : texts) {
            pattern.append(pattern.length() == 0 ? "" : "|");
            text.chars().forEach(c -> {
                if (c == '_') {
                    pattern.append("[_\\-]");
                } else {
                    pattern.append('[')
                            .append((char) Character.toLowerCase(c))
                            .append((char) Character.toUpperCase(c))
                            .append(']');
                }
            });
        }
        return pattern.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
