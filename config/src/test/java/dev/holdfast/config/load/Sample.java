package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.config.Surroundings;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.config.WhenFull;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One setting with a value that is not its default, as a text and as a call of a setter. There is one for every setting.
 */
record Sample(List<String> path, List<String> text, Consumer<Config> setter) {
    static final String EXECUTOR = "orders-*";
    static final String PROTECTION = "two of us";

    private static final String EXECUTORS = "durable-executor-service";
    private static final String RETENTION = "result-retention";
    private static final String PROTECTIONS = "split-brain-protection";
    private static final Set<String> NAMED = Set.of(EXECUTORS, PROTECTIONS);
    private static final int MIB = 1024 * 1024;

    private static Sample of(String text, Consumer<Config> setter, String... path) {
        return new Sample(List.of(path), List.of(text), setter);
    }

    private static Sample executor(String text, Consumer<Config> setter, String... path) {
        List<String> whole = new ArrayList<>(List.of(EXECUTORS, EXECUTOR));
        whole.addAll(List.of(path));
        return new Sample(whole, List.of(text), setter);
    }

    static List<Sample> all() {
        return List.of(
                of("prod-1", c -> c.setClusterName("prod-1"), "cluster-name"),
                of("knoten_ü.7", c -> c.setNodeName("knoten_ü.7"), "node-name"),
                of("1_000", c -> c.setPartitionCount(1000), "partition-count"),
                of("False", c -> c.setAutoStart(false), "auto-start"),
                of("1m30s", c -> c.setShutdownGrace(Duration.ofSeconds(90)), "shutdown-grace"),
                of("PT5S", c -> c.setSubmitTimeout(Duration.ofSeconds(5)), "submit-timeout"),
                of("1MB", c -> c.setMaxPayload(1_000_000), "max-payload"),
                of("5", c -> c.setMaxWaiters(5), "max-waiters"),
                of("9", c -> c.setCallbackPoolSize(9), "callback-pool-size"),
                of(
                        "/var/lib/h f",
                        c -> c.getStorageConfig().setDirectory(Path.of("/var/lib/h f")),
                        "storage",
                        "directory"),
                of("always", c -> c.getStorageConfig().setSync(SyncPolicy.ALWAYS), "storage", "sync"),
                of(
                        "250 ms",
                        c -> c.getStorageConfig().setSyncInterval(Duration.ofMillis(250)),
                        "storage",
                        "sync-interval"),
                of("128MiB", c -> c.getStorageConfig().setSegmentSize(128 * MIB), "storage", "segment-size"),
                of("0", c -> c.getStorageConfig().setInlineLimit(0), "storage", "inline-limit"),
                of(
                        "1.5GiB",
                        c -> c.getStorageConfig().setLowSpaceWatermark(1536L * MIB),
                        "storage",
                        "low-space-watermark"),
                of(
                        "true",
                        c -> c.getStorageConfig().setAllowNetworkFileSystem(true),
                        "storage",
                        "allow-network-file-system"),
                of("512", c -> c.getStorageConfig().setInboxCapacity(512), "storage", "inbox-capacity"),
                of("64", c -> c.getStorageConfig().setMaxBatch(64), "storage", "max-batch"),
                of("7", c -> c.getStorageConfig().setTombstones(7), "storage", "tombstones"),
                of("8", c -> c.getStorageConfig().setIdempotencyKeys(8), "storage", "idempotency-keys"),
                of("2d", c -> c.getStorageConfig().setIdempotencyTtl(Duration.ofDays(2)), "storage", "idempotency-ttl"),
                of("true", c -> c.getNetworkConfig().setEnabled(true), "network", "enabled"),
                of("::1", c -> c.getNetworkConfig().setHost("::1"), "network", "host"),
                of("0", c -> c.getNetworkConfig().setPort(0), "network", "port"),
                new Sample(
                        List.of("network", "members"),
                        List.of("127.0.0.1:5710", "[::1]:5711"),
                        c -> c.getNetworkConfig().setMembers(List.of("127.0.0.1:5710", "[::1]:5711"))),
                of("true", c -> c.getNetworkConfig().setInsecure(true), "network", "insecure"),
                of(
                        "certs/node.crt",
                        c -> c.getNetworkConfig().setTlsCertificates(Path.of("certs/node.crt")),
                        "network",
                        "tls-certificates"),
                of(
                        "certs/node.key",
                        c -> c.getNetworkConfig().setTlsKey(Path.of("certs/node.key")),
                        "network",
                        "tls-key"),
                of(
                        "certs/ca.crt",
                        c -> c.getNetworkConfig().setTlsTrusted(Path.of("certs/ca.crt")),
                        "network",
                        "tls-trusted"),
                of("64MiB", c -> c.getNetworkConfig().setMaxFrame(64 * MIB), "network", "max-frame"),
                of("3", c -> c.getNetworkConfig().setMaxOutstanding(3), "network", "max-outstanding"),
                of("2", c -> c.getReplicationConfig().setMinInSync(2), "replication", "min-in-sync"),
                of(
                        "5m",
                        c -> c.getReplicationConfig().setReplaceAfter(Duration.ofMinutes(5)),
                        "replication",
                        "replace-after"),
                of(
                        "1ms",
                        c -> c.getReplicationConfig().setMoveDrain(Duration.ofMillis(1)),
                        "replication",
                        "move-drain"),
                of("5MiB", c -> c.getReplicationConfig().setCopyRate(5 * MIB), "replication", "copy-rate"),
                of("rack-1", c -> c.getReplicationConfig().setZone("rack-1"), "replication", "zone"),
                of("5", c -> c.getControlPlaneConfig().setVoters(5), "control-plane", "voters"),
                of("true", c -> c.getControlPlaneConfig().setWitness(true), "control-plane", "witness"),
                new Sample(
                        List.of("serialization", "allow"),
                        List.of("com.acme.**", "org.example.Job"),
                        c -> c.getSerializationConfig().addAllowedClasses("com.acme.**", "org.example.Job")),
                of("9", c -> c.getSerializationConfig().setMaxDepth(9), "serialization", "max-depth"),
                of("10", c -> c.getSerializationConfig().setMaxReferences(10), "serialization", "max-references"),
                of("11", c -> c.getSerializationConfig().setMaxArrayLength(11), "serialization", "max-array-length"),
                of("100MiB", c -> c.getSerializationConfig().setMaxBytes(100 * MIB), "serialization", "max-bytes"),
                of("3", c -> protection(c).setMinimumClusterSize(3), PROTECTIONS, PROTECTION, "minimum-cluster-size"),
                of(
                        "read",
                        c -> protection(c).setProtectOn(SplitBrainProtectionOn.READ),
                        PROTECTIONS,
                        PROTECTION,
                        "protect-on"),
                executor("8", c -> executor(c).setPoolSize(8), "pool-size"),
                executor("false", c -> executor(c).setVirtualThreads(false), "virtual-threads"),
                executor("2", c -> executor(c).setDurability(2), "durability"),
                executor("1", c -> executor(c).setCapacity(1), "capacity"),
                executor("false", c -> executor(c).setStatisticsEnabled(false), "statistics-enabled"),
                executor("none", c -> executor(c).setSplitBrainProtectionName(null), "split-brain-protection-ref"),
                executor("1", c -> executor(c).setMaxCrashes(1), "max-crashes"),
                executor("0", c -> executor(c).setMaxHeld(0), "max-held"),
                executor("10", c -> executor(c).getResultRetention().setMaxResults(10), RETENTION, "max-results"),
                executor("1", c -> executor(c).getResultRetention().setMaxBytes(1), RETENTION, "max-bytes"),
                executor("1h", c -> executor(c).getResultRetention().setTtl(Duration.ofHours(1)), RETENTION, "ttl"),
                executor(
                        "reject",
                        c -> executor(c).getResultRetention().setWhenFull(WhenFull.REJECT),
                        RETENTION,
                        "when-full"));
    }

    private static DurableExecutorConfig executor(Config config) {
        return config.getDurableExecutorConfig(EXECUTOR);
    }

    private static SplitBrainProtectionConfig protection(Config config) {
        return config.getSplitBrainProtectionConfig(PROTECTION);
    }

    Config programmatic() {
        Config config = new Config();
        setter.accept(config);
        return config;
    }

    InputStream yaml() {
        StringBuilder yaml = new StringBuilder("holdfast:\n");
        for (int i = 0; i < path.size(); i++) {
            yaml.append("  ".repeat(i + 1)).append('"').append(path.get(i)).append("\":\n");
        }
        yaml.setLength(yaml.length() - 1);
        if (text.size() == 1) {
            yaml.append(' ').append(text.get(0).startsWith(":") ? '"' + text.get(0) + '"' : text.get(0));
        } else {
            yaml.append(" [\"").append(String.join("\", \"", text)).append("\"]");
        }
        return stream(yaml + "\n");
    }

    /** The namespace and the form, attribute or element, do not matter. */
    InputStream xml(boolean withNamespace, boolean asAttribute) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<holdfast");
        xml.append(withNamespace ? " xmlns=\"https://holdfast.dev/config\">" : ">");
        StringBuilder ends = new StringBuilder();
        for (int i = 0; i < path.size() - 1; i++) {
            String element = path.get(i);
            xml.append('<').append(element);
            if (NAMED.contains(element)) {
                xml.append(" name=\"").append(path.get(++i)).append('"');
            }
            boolean innermost = i == path.size() - 2;
            if (innermost && asAttribute) {
                xml.append(' ').append(setting()).append("=\"").append(joined()).append('"');
            }
            xml.append('>');
            ends.insert(0, "</" + element + ">");
        }
        if (!asAttribute || path.size() == 1) {
            xml.append('<')
                    .append(setting())
                    .append('>')
                    .append(content())
                    .append("</")
                    .append(setting())
                    .append('>');
        }
        return stream(xml.append(ends).append("</holdfast>").toString());
    }

    /** A list is one text with commas. The name of a section has characters that no variable can have. */
    Surroundings environment() {
        String value = String.join(" , ", text);
        if (!NAMED.contains(path.get(0))) {
            String variable = "HOLDFAST_"
                    + String.join("_", path).toUpperCase(Locale.ROOT).replace('-', '_');
            return Surroundings.of(Map.of(variable, value), Map.of());
        }
        String label = "HOLDFAST_" + path.get(0).toUpperCase(Locale.ROOT).replace('-', '_') + "__SOME_LABEL__";
        String rest = String.join("__", path.subList(2, path.size()));
        return Surroundings.of(
                Map.of(
                        label + "NAME",
                        path.get(1),
                        label + rest.toUpperCase(Locale.ROOT).replace('-', '_'),
                        value),
                Map.of());
    }

    Surroundings properties() {
        return Surroundings.of(Map.of(), Map.of("holdfast." + String.join(".", path), String.join(" , ", text)));
    }

    private String setting() {
        return path.get(path.size() - 1);
    }

    private String joined() {
        return String.join(" , ", text);
    }

    private String content() {
        String item = setting().equals("allow") ? "class" : "member";
        return text.size() == 1
                ? "\n  " + text.get(0) + "\n"
                : "<" + item + ">" + String.join("</" + item + "> <" + item + ">", text) + "</" + item + ">";
    }

    static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return String.join(".", path);
    }
}
