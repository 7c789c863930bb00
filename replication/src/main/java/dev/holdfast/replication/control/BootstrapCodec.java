package dev.holdfast.replication.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@link BootstrapView} as bytes: format (1 byte), fields, CRC32C of everything before. Big-endian.
 */
public final class BootstrapCodec {

    /** Fits a frame of a peer that is not authenticated yet. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final int FORMAT = 1;

    private BootstrapCodec() {}

    public static byte[] encode(BootstrapView view) {
        ByteSink sink = new ByteSink();
        sink.putByte(FORMAT);
        sink.putNode(view.node());
        sink.putText(view.name());
        sink.putInt(view.partitionCount());
        sink.putInt(view.voters().size());
        for (NodeAddress address : view.voters()) {
            sink.putText(address.host());
            sink.putInt(address.port());
        }
        sink.putText(view.embeddedUuid());
        view.embedded().ifPresent(origin -> ValueCodec.put(sink, origin));
        sink.putBoolean(view.cluster().isPresent());
        view.cluster().ifPresent(founding -> ValueCodec.put(sink, founding));
        return sink.sealed();
    }

    /**
     * The inverse of {@link #encode}.
     *
     * @throws ControlFormatException damaged, over a limit, or of another version
     */
    public static BootstrapView decode(byte[] bytes) {
        ByteSource source = ByteSource.open(bytes, MAX_BYTES);
        Versions.require("bootstrap view", source.getByte(), FORMAT);
        try {
            BootstrapView view = view(source);
            source.requireEnd();
            return view;
        } catch (IllegalArgumentException e) {
            throw new ControlFormatException("Not a bootstrap view: " + e.getMessage(), e);
        }
    }

    private static BootstrapView view(ByteSource source) {
        var node = source.getNode();
        String name = source.getText(MemberDetails.MAX_NAME_LENGTH);
        int partitionCount = source.getInt();
        List<NodeAddress> voters = new ArrayList<>();
        int count = source.getCount(Founding.MAX_VOTERS, 2 * Integer.BYTES);
        for (int i = 0; i < count; i++) {
            voters.add(new NodeAddress(source.getText(NodeAddress.MAX_HOST_LENGTH), source.getInt()));
        }
        String embeddedUuid = source.getText(Founding.MAX_UUID_LENGTH);
        Optional<Origin> embedded = embeddedUuid.isEmpty() ? Optional.empty() : Optional.of(ValueCodec.origin(source));
        Optional<Founding> cluster = source.getBoolean() ? Optional.of(ValueCodec.founding(source)) : Optional.empty();
        return new BootstrapView(node, name, partitionCount, voters, embedded, embeddedUuid, cluster);
    }
}
