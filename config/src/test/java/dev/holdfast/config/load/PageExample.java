package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.SyncPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The code on the pages of the documentation, so that it compiles. */
final class PageExample {
    private PageExample() {}

    static Config programmatic() {
        // configuration.md
        Config config = new Config().setNodeName("billing-1");
        config.getStorageConfig().setDirectory(Path.of("/var/lib/billing")).setSync(SyncPolicy.ALWAYS);
        config.getSerializationConfig().addAllowedClasses("com.acme.**", "org.example.Job");
        config.addDurableExecutorConfig(new DurableExecutorConfig("invoices.*")
                .setPoolSize(8)
                .setResultRetention(new ResultRetentionConfig().setTtl(Duration.ofDays(7))));
        // end
        return config;
    }

    static Config fromHazelcast() throws IOException {
        // migrating-from-hazelcast.md
        Config config;
        try (InputStream file = Files.newInputStream(Path.of("hazelcast.xml"))) {
            config = Config.fromHazelcastXml(file);
        }
        config.importNotes().forEach(System.out::println);
        Files.writeString(Path.of("holdfast.yaml"), config.toYaml());
        // end
        return config;
    }
}
