package dev.holdfast.cli.console;

/** What {@code -o} chooses. */
public enum OutputFormat {
    /** For people; adapts to the terminal. */
    TABLE,
    JSON,
    YAML,
    /** For the next command: the id of each thing on a line of its own. */
    IDS
}
