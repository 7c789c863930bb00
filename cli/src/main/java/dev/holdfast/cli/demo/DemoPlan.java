package dev.holdfast.cli.demo;

import java.util.List;

/**
 * What a demo does; kept as a file, because parent, child and a later {@code --resume} must agree.
 *
 * @param folder absolute
 * @param killAfter how many tasks finish before the child is killed
 * @param threads the executor's pool
 * @param keep whether the next demo leaves this directory alone
 */
record DemoPlan(String folder, int killAfter, int threads, boolean keep, List<DemoFile> files) {

    static final String EXECUTOR = "demo";

    /** How many tasks are at work when the child is killed. */
    int runningAtKill() {
        return Math.min(threads, files.size() - killAfter);
    }

    /**
     * A file as it was when the folder was listed.
     *
     * @param path relative, with {@code /}
     * @param size bytes
     * @param modified time of the last change, with all its digits
     */
    record DemoFile(String path, long size, String modified) {}
}
