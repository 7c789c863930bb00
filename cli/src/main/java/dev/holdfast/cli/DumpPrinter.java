package dev.holdfast.cli;

import dev.holdfast.cli.console.Documents;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.OutputFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;

/**
 * Takes the YAML documents of a dump as they are made, and prints them in the format that is wanted; counts them, and ends
 * the command when the reader of a pipe has gone. A table of records would say nothing: for people it is YAML as well.
 */
final class DumpPrinter implements Appendable {

    private static final String SEPARATOR = "---\n";

    private final PrintWriter out;
    private final OutputFormat format;
    private final StringBuilder document = new StringBuilder();
    private long count;
    private long elements;

    DumpPrinter(Output output) {
        this.out = output.out();
        this.format = output.format();
    }

    long count() {
        return count;
    }

    @Override
    public Appendable append(CharSequence text) throws NobodyReads {
        if (text.toString().startsWith(SEPARATOR)) {
            finishDocument();
            count++;
        }
        if (isText()) {
            out.append(text);
        } else {
            document.append(text);
        }
        if (out.checkError()) {
            throw new NobodyReads();
        }
        return this;
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) throws NobodyReads {
        return append(text.subSequence(start, end));
    }

    @Override
    public Appendable append(char character) throws NobodyReads {
        return append(String.valueOf(character));
    }

    private boolean isText() {
        return format == OutputFormat.TABLE || format == OutputFormat.YAML;
    }

    private void finishDocument() {
        if (document.length() == 0) {
            return;
        }
        Map<?, ?> values = Documents.parseYaml(document.substring(SEPARATOR.length()));
        document.setLength(0);
        if (format == OutputFormat.JSON) {
            out.print(elements == 0 ? "[\n  " : ",\n  ");
            out.print(Documents.line(values));
            elements++;
        } else if (values.get("lsn") != null) { // what is not replicated has none
            out.println(values.get("lsn"));
        }
    }

    /** After the last document. */
    void finish() {
        finishDocument();
        if (format == OutputFormat.JSON) {
            out.println(elements == 0 ? "[]" : "\n]");
        }
        out.flush();
    }

    /** The output is a pipe whose reader has seen enough. */
    static final class NobodyReads extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
