package dev.holdfast.cli.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Asks before much is changed. */
public final class Confirmation {

    private Confirmation() {}

    /**
     * Returns if the user says yes.
     *
     * @param question what is to be done, to how many; without a question mark
     * @throws CommandFailure the user says no, or there is no terminal to ask on: nothing was done
     */
    public static void ask(String question, PrintWriter err) throws IOException {
        ask(question, "add --yes, or see with --dry-run", err);
    }

    /**
     * As {@link #ask(String, PrintWriter)}.
     *
     * @param instead what to do where there is no terminal
     */
    public static void ask(String question, String instead, PrintWriter err) throws IOException {
        if (!Terminal.standardInputIsTerminal()) {
            throw new CommandFailure(
                    ExitCodes.REFUSED, question + ": nothing was done, there is no terminal to ask on; " + instead);
        }
        err.print(Table.printable(question) + "? [y/N] ");
        err.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (answer == null
                || !(answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"))) {
            throw new CommandFailure(ExitCodes.REFUSED, "Nothing was done");
        }
    }
}
