package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.NodeUnreachableException;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.directory.DirectoryRefusedException;
import dev.holdfast.storage.directory.NewerFormatException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a failure into a message without a stack trace, and an exit code. */
final class ErrorRenderer implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, @Nullable ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        err.println("holdfast: " + describe(failure));
        ErrorCode.of(failure).ifPresent(code -> err.println("More: " + code.help()));
        if (Main.debug(commandLine.getCommandSpec())) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode(failure);
    }

    /** One message, the nearest known names, and where the help is. */
    static int wrongUsage(ParameterException wrong, String[] arguments) {
        CommandLine commandLine = wrong.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println("holdfast: " + wrong.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(wrong, err)
                && !commandLine.getSubcommands().isEmpty()) {
            err.println("Commands: "
                    + String.join(", ", commandLine.getSubcommands().keySet()));
        }
        err.println("Help: " + commandLine.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCodes.USAGE;
    }

    private static String describe(Exception failure) {
        if (failure instanceof NoSuchFileException missing) {
            return "No such file: file=" + missing.getFile();
        }
        if (failure instanceof AccessDeniedException denied) {
            return "No permission: file=" + denied.getFile() + "; run as the user who owns it";
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getClass().getSimpleName() + ": file=" + file.getFile();
        }
        String message = failure.getMessage();
        if (isExpected(failure) && message != null) {
            return message;
        }
        return "Unexpected failure: " + failure + "; --debug shows where";
    }

    private static boolean isExpected(Exception failure) {
        return failure instanceof CommandFailure
                || failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof IllegalStateException
                || failure.getClass().getName().startsWith("dev.holdfast.");
    }

    private static int exitCode(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            int exitCode = exitCodeOf(cause);
            if (exitCode != ExitCodes.OK) {
                return exitCode;
            }
        }
        return ExitCodes.FAILED;
    }

    /** OK where this one does not decide it. */
    private static int exitCodeOf(Throwable cause) {
        if (cause instanceof CommandFailure command) {
            return command.exitCode();
        }
        if (cause instanceof AdminFailure refused) {
            return switch (refused.reason()) {
                case FAILED -> ExitCodes.FAILED;
                case USAGE -> ExitCodes.USAGE;
                case REFUSED -> ExitCodes.REFUSED;
                case NOT_FOUND -> ExitCodes.NOT_FOUND;
            };
        }
        if (cause instanceof ConfigurationException) {
            return ExitCodes.USAGE;
        }
        if (cause instanceof DirectoryInUseException
                || cause instanceof DirectoryRefusedException
                || cause instanceof NewerFormatException
                || cause instanceof AccessDeniedException) {
            return ExitCodes.REFUSED;
        }
        if (cause instanceof NodeUnreachableException) {
            return ExitCodes.UNREACHABLE;
        }
        if (cause instanceof HoldfastException) {
            return exitCodeOf(ErrorCode.in(cause.getMessage()).orElse(null));
        }
        return cause instanceof NoSuchFileException ? ExitCodes.NOT_FOUND : ExitCodes.OK;
    }

    private static int exitCodeOf(@Nullable ErrorCode code) {
        if (code == ErrorCode.CLUSTER_NOT_REACHED || code == ErrorCode.PARTITION_WITHOUT_LEADER) {
            return ExitCodes.UNREACHABLE;
        }
        return code == ErrorCode.MEMBERSHIP_REFUSED
                        || code == ErrorCode.CLUSTER_NAME_DIFFERS
                        || code == ErrorCode.MEMBERS_DISAGREE
                        || code == ErrorCode.DIRECTORY_OF_A_MEMBER
                ? ExitCodes.REFUSED
                : ExitCodes.OK;
    }
}
