package dev.holdfast.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line as words, the way a POSIX shell takes it: blanks separate, quotes and backslashes keep together, {@code #} at the
 * start of a word begins a comment. No variables, no patterns.
 */
final class Words {

    private Words() {}

    /** Empty if a quote is not closed. */
    static Optional<List<String>> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean started = false;
        char quote = 0;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '\\'
                        && quote == '"'
                        && at + 1 < line.length()
                        && "\"\\".indexOf(line.charAt(at + 1)) >= 0) {
                    word.append(line.charAt(++at));
                } else {
                    word.append(c);
                }
            } else if (Character.isWhitespace(c)) {
                if (started) {
                    words.add(word.toString());
                    word.setLength(0);
                    started = false;
                }
            } else if (c == '#' && !started) {
                break;
            } else {
                started = true;
                if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == '\\' && at + 1 < line.length()) {
                    word.append(line.charAt(++at));
                } else {
                    word.append(c);
                }
            }
        }
        if (started) {
            words.add(word.toString());
        }
        return quote == 0 ? Optional.of(words) : Optional.empty();
    }
}
