package dev.holdfast.bench.load;

import java.util.List;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;

/** A station on a task's way, by the methods that it begins with: the innermost of them on a stack decides. */
enum Stage {
    ENCODE_TASK("encode task", "dev.holdfast.node.service.Request."),
    DECIDE("decide", "dev.holdfast.node.partition.BatchWriter.decide("),
    APPEND(
            "append",
            "dev.holdfast.replication.",
            "dev.holdfast.storage.log.segment.",
            "dev.holdfast.storage.log.frame.",
            "dev.holdfast.storage.log.chronicle.",
            "dev.holdfast.storage.directory."),
    APPLY("apply", "dev.holdfast.node.partition.BatchWriter.apply("),
    TELL("tell", "dev.holdfast.node.partition.Released.tell"),
    DECODE_TASK("decode task", "dev.holdfast.node.codec.JavaTaskCodec.decodeTask"),
    RUN("run task", "dev.holdfast.bench.contender.Echo"),
    ENCODE_RESULT("encode result", "dev.holdfast.node.codec.ResultCodec.encode"),
    DECODE_RESULT("decode result", "dev.holdfast.node.service.Outcome."),
    STACK("look for stack", "dev.holdfast.node.partition.StackRoom."),
    WAIT("wait awake", "dev.holdfast.node.execution.BriefWait."),
    INBOX("inbox, lock", "dev.holdfast.node.partition."),
    WORKER("worker", "dev.holdfast.node.execution."),
    FUTURES("futures", "dev.holdfast.node.service.", "dev.holdfast.node.callback."),
    BENCH("bench itself", "dev.holdfast.bench.");

    /** Under none of them: threads of the JDK, of libraries. */
    static final String OTHER = "other";

    final String title;
    private final List<String> beginnings;

    Stage(String title, String... beginnings) {
        this.title = title;
        this.beginnings = List.of(beginnings);
    }

    /** Title of the stage that a stack, innermost frame first, is in. */
    static String of(List<RecordedFrame> stack) {
        for (RecordedFrame frame : stack) {
            RecordedMethod method = frame.getMethod();
            String name = method.getType().getName() + "." + method.getName() + "(";
            for (Stage stage : values()) {
                if (stage.beginnings.stream().anyMatch(name::startsWith)) {
                    return stage.title;
                }
            }
        }
        return OTHER;
    }
}
