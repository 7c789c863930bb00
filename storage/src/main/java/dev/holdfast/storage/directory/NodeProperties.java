package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a data directory, written once, as text: {@code node.properties}.
 *
 * @param clusterUuid of the cluster, or of this node alone while it is embedded
 * @param diskId of this directory: a copy or a wiped disk is not the replica it was
 * @param partitionCount 1 to 32,767; fixed when the directory is made
 */
public record NodeProperties(UUID clusterUuid, UUID diskId, int partitionCount) {

    /** The format of the whole directory that this version writes. */
    public static final int FORMAT = 1;

    private static final int MAX_BYTES = 4096;

    /** Reads the file; {@code DamagedFileException} or {@code NewerFormatException} where it is not this version's. */
    public static NodeProperties read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new DamagedFileException(file, 0, "at most " + MAX_BYTES + " bytes", Files.size(file) + " bytes");
        }
        return decode(file, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }

    void write(Path file) throws IOException {
        DurableFiles.replace(file, ByteBuffer.wrap(encode().getBytes(StandardCharsets.UTF_8)));
    }

    String encode() {
        String lines = "# Data directory of a Holdfast node. Do not edit.\n"
                + "format-version=" + FORMAT + "\n"
                + "cluster-uuid=" + clusterUuid + "\n"
                + "disk-id=" + diskId + "\n"
                + "partition-count=" + partitionCount + "\n";
        return withChecksum(lines);
    }

    static String withChecksum(String lines) {
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.UTF_8));
        return lines + String.format(Locale.ROOT, "crc32c=%08x\n", crc.getValue());
    }

    /** A newer version's last line is the checksum too: without it, what says that it is newer may be a flipped bit. */
    private static String linesBeforeChecksum(String text) {
        return text.substring(0, Math.max(0, text.lastIndexOf("crc32c=")));
    }

    static NodeProperties decode(Path file, String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().filter(line -> line.contains("=")).forEach(line -> {
            int equals = line.indexOf('=');
            values.put(line.substring(0, equals), line.substring(equals + 1));
        });
        int format = numberOf(values.get("format-version"));
        if (format > FORMAT && text.equals(withChecksum(linesBeforeChecksum(text)))) {
            throw new NewerFormatException(file, format, FORMAT);
        }
        NodeProperties properties = fromValues(values);
        // nothing but this very text: whatever was changed by hand or by a flipped bit is not what was written
        if (properties == null || !properties.encode().equals(text)) {
            throw new DamagedFileException(file, 0, "the text that was written, with its checksum", "another text");
        }
        return properties;
    }

    private static @Nullable NodeProperties fromValues(Map<String, String> values) {
        int partitions = numberOf(values.get("partition-count"));
        String cluster = values.get("cluster-uuid");
        String disk = values.get("disk-id");
        if (partitions < 1 || cluster == null || disk == null) {
            return null;
        }
        try {
            return new NodeProperties(UUID.fromString(cluster), UUID.fromString(disk), partitions);
        } catch (IllegalArgumentException notAnUuid) {
            return null;
        }
    }

    private static int numberOf(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
}
