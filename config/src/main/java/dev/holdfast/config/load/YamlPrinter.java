package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Writes a configuration such that it reads back equal. */
public final class YamlPrinter {
    private YamlPrinter() {}

    /** Every setting, in the order of the table. */
    public static String print(Config config) {
        // the core schema quotes every text that a reader could take for null, a number or a truth value
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSchema(new CoreSchema())
                .setDereferenceAliases(true)
                .build();
        return new Dump(settings).dumpToString(Map.of(Settings.ROOT_NAME, Settings.ROOT.toMap(config)));
    }
}
