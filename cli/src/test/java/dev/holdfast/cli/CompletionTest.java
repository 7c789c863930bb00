package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.ConsoleProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {

    @TempDir
    Path temp;

    /** The way bash itself calls the function that the script gives it, with `complete -p` to see that it does. */
    @Test
    void theScriptCompletesInARealBash() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash here");
        Result script = MainTest.inThisJvm("completion", "bash");
        assertThat(script.exitCode()).isZero();
        Path file = Files.writeString(temp.resolve("completion.bash"), script.out());
        Path test = Files.writeString(temp.resolve("test.bash"), """
                set -eu
                compopt() { :; }   # it wants a completion under way
                source "$1"
                complete -p holdfast
                ask() {
                    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()
                    _complete_holdfast "$1" "${!#}" "${@: -2:1}" || true
                    echo "${COMPREPLY[*]-}"
                }
                ask holdfast sto
                ask holdfast tasks l
                ask holdfast tasks list --sta
                ask holdfast tasks list --state QUA
                ask holdfast tasks list -o js
                """);
        Result result = ConsoleProcess.await(new ProcessBuilder("/bin/bash", test.toString(), file.toString()).start());
        assertThat(result.exitCode()).as("%s", result).isZero();
        List<String> lines = result.lines().stream().map(String::strip).toList();
        assertThat(lines.get(0)).startsWith("complete ").endsWith("holdfast");
        assertThat(lines.subList(1, 6)).containsExactly("storage", "list", "--state", "QUARANTINED", "json");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void zshIsToldToUnderstandIt() {
        Result script = MainTest.inThisJvm("completion", "zsh");
        assertThat(script.out()).contains("bashcompinit", "complete -F _complete_holdfast");
        assertThat(MainTest.inThisJvm("completion", "fish").exitCode()).isEqualTo(2);
    }
}
