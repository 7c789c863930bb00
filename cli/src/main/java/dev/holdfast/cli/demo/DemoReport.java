package dev.holdfast.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out.
 *
 * @param files tasks, one per file
 * @param served results that were stored by a process before the last one, and given out by the last one; on a cluster: that were
 *     there before the kill, and given out afterwards
 * @param reexecuted tasks that the last process executed; on a cluster: that ended after the kill
 * @param lost tasks whose result is gone, or that ended without one
 * @param duplicates tasks that were stored twice, or whose result was made twice
 * @param wrong results that differ from the independent computation, the file being unchanged
 * @param failed tasks that failed, the file being unchanged
 * @param changed files that changed meanwhile: what their tasks found cannot be checked
 * @param killed whether the first process was killed with SIGKILL
 * @param problems what is wrong, in words, the first few of each sort
 * @param digests SHA-256 by path, of the results that were found right
 */
record DemoReport(
        int files,
        long bytes,
        int served,
        int reexecuted,
        int lost,
        int duplicates,
        int wrong,
        int failed,
        int changed,
        boolean killed,
        List<String> problems,
        Map<String, String> digests) {

    /** Nothing lost, nothing twice, nothing different; and the kill was one that mattered. */
    boolean isGood() {
        return lost == 0 && duplicates == 0 && wrong == 0 && failed == 0 && killed && served > 0 && reexecuted > 0;
    }

    /** Why it is not good, beyond single files. */
    List<String> shortcomings() {
        List<String> shortcomings = new ArrayList<>(problems);
        if (!killed) {
            shortcomings.add("The first process was not killed with SIGKILL");
        }
        if (served == 0) {
            shortcomings.add("Nothing was served from before the kill");
        }
        if (reexecuted == 0) {
            shortcomings.add("Nothing was executed after the kill");
        }
        return shortcomings;
    }

    String facts() {
        return "files=" + files + " served=" + served + " reexecuted=" + reexecuted + " lost=" + lost + " duplicates="
                + duplicates + " wrong=" + wrong + (failed > 0 ? " failed=" + failed : "")
                + (changed > 0 ? " changed=" + changed : "") + " killed=" + (killed ? "yes" : "no") + ": "
                + (isGood() ? "all digests agree" : "NOT as it should be");
    }

    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("files", files);
        document.put("served", served);
        document.put("reexecuted", reexecuted);
        document.put("lost", lost);
        document.put("duplicates", duplicates);
        document.put("killed", killed);
        document.put("wrong", wrong);
        document.put("failed", failed);
        document.put("changed", changed);
        document.put("bytes", bytes);
        document.put("ok", isGood());
        document.put("problems", shortcomings());
        return document;
    }
}
