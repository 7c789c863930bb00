package dev.holdfast.cli;

import dev.holdfast.ResultNotReadableException;
import dev.holdfast.config.Config;
import dev.holdfast.node.codec.JavaTaskCodec;
import dev.holdfast.node.codec.TaskCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a command may turn back into objects: values of the JDK, the demo's own, and what the user allows. */
final class Decoding {

    private static final String DEMO = "dev.holdfast.cli.demo.FileDigest";

    @Option(
            names = "--allow",
            paramLabel = "PATTERN",
            description = "Class that may be deserialised, or a pattern: com.acme.Job, com.acme.*, com.acme.**;"
                    + " may be repeated.")
    private List<String> allowed = new ArrayList<>();

    @Option(
            names = "--tasks-path",
            paramLabel = "JARS",
            description = "Jars and folders with those classes, as a class path.")
    private @Nullable String tasksPath;

    /** Where classes of tasks are. */
    ClassLoader classes() throws IOException {
        return tasksPath == null ? Decoding.class.getClassLoader() : TasksPath.loader(tasksPath);
    }

    TaskCodec codec() throws IOException {
        Config config = new Config();
        config.getSerializationConfig().addAllowedClasses(DEMO);
        config.getSerializationConfig().addAllowedClasses(allowed.toArray(String[]::new));
        config.validate();
        config.setClassLoader(classes());
        return new JavaTaskCodec(config);
    }

    /** Why a result stays bytes. */
    static String explain(ResultNotReadableException unreadable) {
        Throwable cause = unreadable.getCause();
        return (cause == null ? unreadable.getMessage() : cause.toString())
                + "; here: --allow CLASS, with --tasks-path JARS where this program does not have it";
    }
}
