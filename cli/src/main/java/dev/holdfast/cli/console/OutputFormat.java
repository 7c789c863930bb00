package dev.holdfast.cli.console;

/** What {@code -o} chooses. */
public enum OutputFormat {
    /** For people; adapts to the terminal. */
    TABLE,
    JSON,
    YAML,
    /** Task ids only, one per line. */
    IDS
}
