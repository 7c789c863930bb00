package dev.holdfast.cli;

import dev.holdfast.cli.console.Candidates;
import dev.holdfast.cli.console.ExitCodes;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast completion}. */
@Command(
        name = "completion",
        description = "Print a script that completes commands, options and their values.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "For this shell only:",
            "  source <(holdfast completion bash)",
            "For each bash from now on:",
            "  d=~/.local/share/bash-completion/completions",
            "  mkdir -p $d && holdfast completion bash > $d/holdfast",
            "For each zsh, in ~/.zshrc:",
            "  source <(holdfast completion zsh)",
            "",
            "Exit codes:",
            "  0  printed",
            "  2  wrong usage"
        })
final class CompletionCommand implements Callable<Integer> {

    /** A script for bash that zsh can read too: it loads its emulation of bash's completion first. */
    enum Shell {
        BASH,
        ZSH
    }

    /** For the script itself. */
    static final class Shells extends Candidates {
        Shells() {
            super(Shell.values());
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", completionCandidates = Shells.class, description = "bash or zsh.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Shell shell;

    @Override
    public Integer call() {
        CommandLine everything = CommandTree.build(new Main(), CommandTree.WHOLE);
        PrintWriter out = spec.commandLine().getOut();
        if (shell == Shell.ZSH) {
            out.println("# completion of holdfast for " + shell.name().toLowerCase(Locale.ROOT));
            out.println("autoload -U +X compinit && compinit");
            out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        out.println(AutoComplete.bash("holdfast", everything));
        out.flush();
        return ExitCodes.OK;
    }
}
