package dev.holdfast.cli.console;

/** What a colour stands for. */
public enum Style {
    PLAIN(""),
    HEADING("1"),
    GOOD("32"),
    ACTIVE("36"),
    WARNING("33"),
    BAD("31"),
    HELD("35"),
    QUIET("2");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** {@code text} in this style, where {@code colour} allows it. */
    public String on(boolean colour, String text) {
        return !colour || code.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
