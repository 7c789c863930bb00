package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.ReadFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that is read by position through a channel of our own. Any thread. */
final class ChannelSource implements FrameSource {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelSource.class);

    private final Path file;
    private final FileChannel channel;

    ChannelSource(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        try {
            return channel.read(target, position);
        } catch (ClosedChannelException e) { // by whoever holds it; the disk is not to blame
            throw e;
        } catch (IOException e) {
            throw new ReadFailedException(file, position, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A file that was only read could not be closed: file={}", file, e);
        }
    }
}
