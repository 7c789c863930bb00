package dev.holdfast.cli.console;

/** What {@code --color} chooses. */
public enum ColorChoice {
    /** On a terminal, unless {@code NO_COLOR} is set or {@code TERM} is {@code dumb}. */
    AUTO,
    /** Also into a pipe, for a pager that shows them. */
    ALWAYS,
    NEVER
}
