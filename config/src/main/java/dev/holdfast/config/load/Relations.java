package dev.holdfast.config.load;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.NetworkConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between settings. A relation is not checked while one of its settings is wrong by itself. */
final class Relations {
    /** The largest payload, its record's header and the end of the segment before it fit with room to spare. */
    static final int PAYLOADS_PER_SEGMENT = 3;
    /** Header of a frame and of the command around a payload. */
    static final long FRAME_OVERHEAD = 64 * 1024;

    /** A large record is a chain of chunks, each with a header: less than a byte for so many. */
    private static final long PAYLOAD_PER_OVERHEAD = 1024;

    private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;
    private static final String MAX_PAYLOAD = "max-payload";
    private static final String ALL_OR_NONE = "all three of them, or none";

    private final Config config;
    private final Origins origins;
    private final Problems problems;

    Relations(Config config, Origins origins, Problems problems) {
        this.config = config;
        this.origins = origins;
        this.problems = problems;
    }

    void check() {
        payload();
        if (config.getStorageConfig().getMaxBatch() > config.getStorageConfig().getInboxCapacity()) {
            String most = Integer.toString(config.getStorageConfig().getInboxCapacity());
            related(
                    "storage.max-batch",
                    Integer.toString(config.getStorageConfig().getMaxBatch()),
                    "more than storage.inbox-capacity=" + most,
                    "at most " + most,
                    "storage.inbox-capacity");
        }
        members();
        tls();
        executors();
    }

    private void payload() {
        long payload = config.getMaxPayload();
        atLeast(
                "storage.segment-size",
                config.getStorageConfig().getSegmentSize(),
                PAYLOADS_PER_SEGMENT * payload,
                PAYLOADS_PER_SEGMENT + " times max-payload");
        atLeast("serialization.max-bytes", config.getSerializationConfig().getMaxBytes(), payload, MAX_PAYLOAD);
        if (config.getNetworkConfig().isEnabled()) {
            atLeast(
                    "network.max-frame",
                    config.getNetworkConfig().getMaxFrame(),
                    payload + payload / PAYLOAD_PER_OVERHEAD + FRAME_OVERHEAD,
                    "max-payload, a 1024th of it and 64KiB");
        }
        long inline = config.getStorageConfig().getInlineLimit();
        if (inline > payload) {
            String most = Sizes.TYPE.print(payload);
            related(
                    "storage.inline-limit",
                    Sizes.TYPE.print(inline),
                    "more than max-payload=" + most,
                    "at most " + most,
                    MAX_PAYLOAD);
        }
    }

    private void atLeast(String setting, long value, long least, String leastIs) {
        if (value < least) {
            String what = "less than " + leastIs + ", max-payload=" + Sizes.TYPE.print(config.getMaxPayload());
            String allowed = "at least " + Sizes.TYPE.print(least) + ", or a smaller max-payload";
            related(setting, Sizes.TYPE.print(value), what, allowed, MAX_PAYLOAD);
        }
    }

    private void members() {
        Set<String> seen = new HashSet<>();
        List<String> members = config.getNetworkConfig().getMembers();
        for (int i = 0; i < members.size(); i++) {
            if (!seen.add(members.get(i))) {
                related("network.members[" + i + "]", members.get(i), "listed twice", "each member once");
            }
        }
    }

    private void tls() {
        NetworkConfig network = config.getNetworkConfig();
        if (network.isEnabled()) {
            Map<String, @Nullable Path> files = new LinkedHashMap<>();
            files.put("network.tls-certificates", network.getTlsCertificates());
            files.put("network.tls-key", network.getTlsKey());
            files.put("network.tls-trusted", network.getTlsTrusted());
            incomplete(files).forEach((name, why) -> related(name, why.value(), why.what(), ALL_OR_NONE));
        }
    }

    /** Adds what does not go together in a client's settings. */
    static void ofClient(ClientConfig client, Problems problems) {
        Map<String, @Nullable Path> files = new LinkedHashMap<>();
        files.put("tls-certificates", client.getTlsCertificates());
        files.put("tls-key", client.getTlsKey());
        files.put("tls-trusted", client.getTlsTrusted());
        String where = new Origins().whereOf("tls-certificates");
        incomplete(files).forEach((name, why) -> problems.add(where, name, why.value(), why.what(), ALL_OR_NONE, null));
    }

    private record Lacking(String value, String what) {}

    /** Those that are there, while others are not. */
    private static Map<String, Lacking> incomplete(Map<String, @Nullable Path> files) {
        List<String> missing = new ArrayList<>();
        Map<String, Lacking> lacking = new LinkedHashMap<>();
        files.forEach((name, path) -> {
            if (path == null) {
                missing.add(name);
            }
        });
        files.forEach((name, path) -> {
            if (path != null && !missing.isEmpty()) {
                lacking.put(name, new Lacking(path.toString(), "without " + String.join(" and ", missing)));
            }
        });
        return lacking;
    }

    private void executors() {
        Map<String, DurableExecutorConfig> executors = new LinkedHashMap<>(config.getDurableExecutorConfigs());
        executors.putIfAbsent(Config.DEFAULT_NAME, new DurableExecutorConfig(Config.DEFAULT_NAME));
        executors.forEach((name, executor) -> {
            String path = Settings.EXECUTOR.name() + "." + name + ".";
            inSync(path, executor);
            protection(path, executor);
            if (executor.isVirtualThreads() && Runtime.version().feature() < FIRST_JAVA_WITH_VIRTUAL_THREADS) {
                String what = "Java " + Runtime.version().feature() + " has no virtual threads";
                related(path + "virtual-threads", "true", what, "true on Java 21 and newer, else false");
            }
        });
    }

    private void inSync(String path, DurableExecutorConfig executor) {
        int copies = executor.getDurability() + 1;
        int needed = config.getReplicationConfig().getMinInSync();
        if (needed > copies) {
            String minInSync = "replication.min-in-sync";
            related(
                    path + "durability",
                    Integer.toString(executor.getDurability()),
                    copies + " copies can never be the " + needed + " of " + minInSync,
                    "at least " + (needed - 1) + ", or " + minInSync + " of at most " + copies,
                    minInSync);
        }
    }

    private void protection(String path, DurableExecutorConfig executor) {
        String wanted = executor.getSplitBrainProtectionName();
        Set<String> known = config.getSplitBrainProtectionConfigs().keySet();
        String setting = path + "split-brain-protection-ref";
        if (wanted != null && !known.contains(wanted) && !problems.concerns(setting)) {
            String allowed = known.isEmpty()
                    ? "a split-brain-protection of that name must be added"
                    : String.join(" | ", known) + ", or none";
            String what = "there is no split-brain-protection of that name";
            problems.add(origins.whereOf(setting, wanted), setting, wanted, what, allowed, Nearest.of(wanted, known));
        }
    }

    private void related(String setting, String value, String what, String allowed, String... others) {
        boolean wrongAnyway = problems.concerns(setting);
        for (String other : others) {
            wrongAnyway |= problems.concerns(other);
        }
        if (!wrongAnyway) {
            problems.add(where(setting, value, others), setting, value, what, allowed, null);
        }
    }

    /** A default can't be blamed: then the place is that of the setting it does not go with. */
    private String where(String setting, String value, String... others) {
        String where = origins.whereOf(setting, value);
        for (String other : others) {
            if (where.equals(Origins.PROGRAMMATIC)) {
                where = origins.whereOf(other);
            }
        }
        return where;
    }
}
