package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import dev.holdfast.config.Surroundings;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the tables of {@code docs/configuration.md} from the table of settings. */
final class DocumentationWriter {
    private static final String START = "<!-- made from the table of settings; do not edit -->\n";
    private static final String END = "<!-- end of what is made -->\n";

    /** Setters whose name does not follow from the setting's. */
    private static final Map<String, String> SETTERS =
            Map.of("allow", "setAllowedClasses", "split-brain-protection-ref", "setSplitBrainProtectionName");

    private final StringBuilder out = new StringBuilder();

    private DocumentationWriter() {}

    /** The page with new tables between the marks; what is around them is written by people. */
    static String update(String page) {
        int start = page.indexOf(START);
        int end = page.indexOf(END);
        if (start < 0 || end < start) {
            throw new IllegalStateException("The page has lost its marks: " + START.strip() + " and " + END.strip());
        }
        return page.substring(0, start) + START + tables() + page.substring(end);
    }

    private static String tables() {
        DocumentationWriter writer = new DocumentationWriter();
        Config defaults = new Config(Surroundings.none());
        writer.table(Settings.ROOT, defaults, "", "config");
        for (Section.Part<Config, ?> part : Settings.ROOT.parts()) {
            writer.part(part, defaults);
        }
        return writer.out.toString();
    }

    private <C> void part(Section.Part<Config, C> part, Config defaults) {
        String name = part.section().name();
        C config = part.create().apply(defaults, part.named() ? "NAME" : "");
        String type = config.getClass().getSimpleName();
        String code = "config.get" + type + (part.named() ? "(\"NAME\")" : "()");
        table(part.section(), config, name + (part.named() ? ".NAME." : "."), code);
        for (Section.Part<C, ?> inner : part.section().parts()) {
            innerPart(inner, config, name + ".NAME.", code);
        }
    }

    private <P, C> void innerPart(Section.Part<P, C> part, P config, String prefix, String code) {
        String name = part.section().name();
        table(part.section(), part.create().apply(config, ""), prefix + name + ".", code + ".get" + camel(name) + "()");
    }

    private <C> void table(Section<C> section, C config, String prefix, String code) {
        String title = prefix.isEmpty() ? "The node" : "`" + prefix.substring(0, prefix.length() - 1) + "`";
        out.append("\n### ").append(title).append("\n\n").append(section.doc()).append("\n\n");
        out.append(
                "| setting | type and allowed values | unit | default | effect | since |\n|---|---|---|---|---|---|\n");
        for (SettingKey<C, ?> key : section.keys()) {
            String value = key.print(config);
            row(
                    "`" + key.name() + "`",
                    key.allowed().replace("|", "\\|"),
                    key.type().unit(),
                    value == null ? "none" : value.isEmpty() ? "empty" : "`" + value + "`",
                    key.doc(),
                    key.since());
        }
        out.append("\n| XML | YAML | property | variable | code |\n|---|---|---|---|---|\n");
        for (SettingKey<C, ?> key : section.keys()) {
            String path = prefix + key.name();
            row(xml(path), yaml(path), "`holdfast." + path + "`", "`" + variable(path) + "`", code(code, config, key));
        }
    }

    private void row(String... cells) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String xml(String path) {
        StringBuilder xml = new StringBuilder("`");
        for (String element : path.split("\\.")) {
            if (element.equals("NAME")) {
                xml.insert(xml.length() - 1, " name=\"NAME\"");
            } else {
                xml.append('<').append(element).append('>');
            }
        }
        return xml.append('`').toString();
    }

    private static String yaml(String path) {
        String open = path.replace(".", ": {");
        return "`" + open + ": ..." + "}".repeat(path.split("\\.").length - 1) + "`";
    }

    private static String variable(String path) {
        List<String> parts = new ArrayList<>(List.of(path.split("\\.NAME\\.")));
        return parts.size() == 1
                ? SettingNames.variableOf(path)
                : SettingNames.VARIABLE_PREFIX + SettingNames.variable(parts.get(0)) + "__NAME__"
                        + SettingNames.variable(parts.get(1));
    }

    /** The setter must be there, so that the page does not name one that is not. */
    private static String code(String code, Object config, SettingKey<?, ?> key) {
        String setter = SETTERS.getOrDefault(key.name(), "set" + camel(key.name()));
        Method method = Stream.of(config.getClass().getMethods())
                .filter(one -> one.getName().equals(setter) && one.getParameterCount() == 1)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No setter: " + config.getClass() + "." + setter));
        return "`" + code + "." + setter + "(" + method.getParameterTypes()[0].getSimpleName() + ")`";
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (String word : name.split("-")) {
            camel.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return camel.toString();
    }
}
