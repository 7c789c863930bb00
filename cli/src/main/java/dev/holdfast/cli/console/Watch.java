package dev.holdfast.cli.console;

import java.io.IOException;
import java.time.Duration;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * {@code --watch}, a {@link Mixin} beside {@link Output}: shows the same again and again until Ctrl-C, which is no failure,
 * or until what is watched goes away. A table on a terminal is drawn again in its place, everything else is printed one
 * after the other.
 */
public final class Watch {

    private static final String USUAL_SECONDS = "2";
    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 86_400;

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            arity = "0..1",
            parameterConsumer = OnlyNumbers.class,
            description = "Show it again every so many seconds (" + USUAL_SECONDS + "), until Ctrl-C.")
    private @Nullable Double seconds;

    /** Leaves a word alone that is no number: it is the command's own, as in {@code executors show --watch reports}. */
    static final class OnlyNumbers implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
            boolean number = !arguments.isEmpty() && arguments.peek().matches("-?[0-9]*\\.?[0-9]+");
            option.setValue(Double.valueOf(number ? arguments.pop() : USUAL_SECONDS));
        }
    }

    /** Prints what there is now, through the {@link Output}, and returns the exit code. */
    @FunctionalInterface
    public interface Frame {
        int print() throws IOException;
    }

    /** What is watched. */
    @FunctionalInterface
    public interface Subject {
        /**
         * Whether another frame may differ from the last one.
         *
         * @throws CommandFailure it has gone
         */
        boolean mayHaveChanged() throws IOException;
    }

    /** Prints one frame, or with {@code --watch} one after the other. Returns the exit code of the last one. */
    public int show(Output output, Subject subject, Frame frame) throws IOException {
        Double pause = seconds;
        if (pause == null) {
            return frame.print();
        }
        if (!(pause >= SHORTEST_SECONDS && pause <= LONGEST_SECONDS)) {
            throw new ParameterException(
                    output.command().commandLine(),
                    "--watch=" + pause + ": allowed are seconds from " + SHORTEST_SECONDS + " to "
                            + (long) LONGEST_SECONDS);
        }
        Interruption interruption = Interruption.ofThisThread();
        FramePainter painter = new FramePainter(output, pause);
        int exitCode = ExitCodes.OK;
        try {
            do {
                exitCode = painter.paint(frame);
            } while (waitForNext(pause, subject, interruption) && !output.nobodyReads());
            return exitCode;
        } catch (IOException | RuntimeException e) {
            if (interruption.came()) { // what a command does meets the interrupt anywhere
                return exitCode;
            }
            throw e;
        } finally {
            output.redirect(null, null);
            interruption.end(exitCode);
        }
    }

    /** False when the user has ended it. */
    private static boolean waitForNext(double pause, Subject subject, Interruption interruption) throws IOException {
        do {
            if (!interruption.sleep(Duration.ofMillis((long) (pause * 1000)))) {
                return false;
            }
        } while (!subject.mayHaveChanged());
        return true;
    }
}
