package dev.holdfast.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where answers go. A {@link PrintWriter} swallows what goes wrong; this remembers it: a reader who has seen enough is no
 * failure, a disk that is full is one. One thread at a time.
 */
public final class StandardOutput {

    private final OutputStream stream;
    private final boolean pipe;
    private final PrintWriter writer;
    private @Nullable IOException failure;

    public StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out), isPipe());
    }

    StandardOutput(OutputStream stream, boolean pipe) {
        this.stream = stream;
        this.pipe = pipe;
        // UTF-8 whatever the locale is: the documents are, and so are the file names that the launcher lets Java see
        this.writer = new PrintWriter(new OutputStreamWriter(new Remembering(), StandardCharsets.UTF_8), false);
    }

    public PrintWriter writer() {
        return writer;
    }

    /** What kept the answer from being written whole, after a flush; empty if it was, or if its reader left. */
    public Optional<IOException> lost() {
        writer.flush();
        return Optional.ofNullable(failure).filter(thrown -> !isReaderGone(thrown));
    }

    /** By the message, and where that is in another language, by what the output is: a pipe fails for nothing else. */
    private boolean isReaderGone(IOException thrown) {
        String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("broken pipe") || message.contains("connection reset") || pipe;
    }

    private static boolean isPipe() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException noSuchThing) {
            return false;
        }
    }

    private final class Remembering extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                stream.write(bytes, offset, length);
            } catch (IOException thrown) {
                failure = thrown;
                throw thrown;
            }
        }
    }
}
