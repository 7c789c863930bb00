package dev.holdfast.cli.demo;

import dev.holdfast.cli.demo.ChildEvent.Kind;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A child's line to its parent: events on the standard output, words on the standard input, whose end is the end of both. */
final class ParentLink {

    private static final long TICK_MILLIS = 1_000;

    private final PrintStream events;

    private ParentLink(PrintStream events) {
        this.events = events;
    }

    /** What a child does. */
    @FunctionalInterface
    interface Life {
        void live(ParentLink parent) throws Exception;
    }

    /**
     * Lives, and ends the process.
     *
     * @param words called with each line that the parent says, by a thread of its own
     */
    static void run(Consumer<String> words, Life life) {
        ParentLink parent = new ParentLink(
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8));
        System.setOut(System.err); // a library's print is no event
        daemon("demo-parent-watch", () -> endWithTheParent(words));
        daemon("demo-sign-of-life", parent::signOfLife);
        int exitCode = 0;
        try {
            life.live(parent);
        } catch (Throwable failure) {
            failure.printStackTrace();
            parent.emit(ChildEvent.of(Kind.TROUBLE, String.valueOf(failure), 0));
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    void emit(ChildEvent event) {
        String line = event.toLine();
        synchronized (events) {
            events.print(line + "\n");
            events.flush();
        }
    }

    /** The parent holds the other end of the standard input: when it is gone, so is this process. */
    private static void endWithTheParent(Consumer<String> words) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String word = lines.readLine(); word != null; word = lines.readLine()) {
                words.accept(word);
            }
        } catch (IOException gone) {
            // as good as the end
        }
        Runtime.getRuntime().halt(1);
    }

    /** So that the parent can tell a node that works on a large file from one that is stuck. */
    private void signOfLife() {
        long before = -1;
        while (true) {
            long now = Gate.bytesWorked();
            if (now != before) {
                emit(ChildEvent.of(Kind.ALIVE, now));
                before = now;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
