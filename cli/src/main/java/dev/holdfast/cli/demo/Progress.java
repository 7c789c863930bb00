package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.Terminal;
import java.io.PrintWriter;

/** What the user sees meanwhile: a bar on a terminal, a line per tenth elsewhere. One thread. */
final class Progress {

    private static final int WIDTH = 30;
    private static final int STEPS = 10;
    /** Indentation, brackets, and the last column, in which some terminals break the line. */
    private static final int AROUND_BAR = 6;

    private static final long REDRAW_NANOS = 50_000_000L;

    private final PrintWriter out;
    private final boolean bar;
    private final int columns;
    private boolean drawn;
    private long lastDrawNanos;
    private int lastStep;

    /** @param bar whether there may be one, if {@code terminal} allows it */
    Progress(PrintWriter out, Terminal terminal, boolean bar) {
        this.out = out;
        this.bar = bar && terminal.redraws();
        this.columns = terminal.columns();
    }

    void line(String text) {
        erase();
        out.println(text);
        out.flush();
    }

    /** Starts a new count. */
    void begin() {
        erase();
        lastStep = 0;
        lastDrawNanos = System.nanoTime() - REDRAW_NANOS;
    }

    void show(String what, long done, long total) {
        if (bar) {
            draw(what, done, total);
            return;
        }
        int step = (int) (done * STEPS / total);
        if (step > lastStep && total >= STEPS) {
            lastStep = step;
            out.println("  " + what + ": " + done + " of " + total);
            out.flush();
        }
    }

    private void draw(String what, long done, long total) {
        long now = System.nanoTime();
        if (now - lastDrawNanos < REDRAW_NANOS && done < total) {
            return;
        }
        lastDrawNanos = now;
        String text = what + ": " + done + " of " + total;
        int longest = (what + ": " + total + " of " + total).length();
        int width = Math.min(WIDTH, columns - longest - AROUND_BAR);
        int filled = (int) (done * width / total);
        String hashes = width < STEPS ? "" : "[" + "#".repeat(filled) + ".".repeat(width - filled) + "] ";
        out.print("\r\u001b[K  " + hashes + text);
        out.flush();
        drawn = true;
    }

    private void erase() {
        if (drawn) {
            out.print("\r\u001b[K");
            drawn = false;
        }
    }
}
