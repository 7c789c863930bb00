package dev.holdfast.cli.demo;

import java.io.PrintWriter;

/** What the user sees meanwhile: a bar on a terminal, a line per tenth elsewhere. One thread. */
final class Progress {

    private static final int WIDTH = 30;
    private static final int STEPS = 10;
    private static final long REDRAW_NANOS = 50_000_000L;

    private final PrintWriter out;
    private final boolean bar;
    private boolean drawn;
    private long lastDrawNanos;
    private int lastStep;

    Progress(PrintWriter out, boolean bar) {
        this.out = out;
        this.bar = bar;
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
        int filled = (int) (done * WIDTH / total);
        out.print("\r\u001b[K  [" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + what + ": " + done + " of "
                + total);
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
