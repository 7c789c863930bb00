package dev.holdfast.config;

/** Where the value of a setting comes from; a later one wins over an earlier one. */
public enum SettingSource {
    /** Nobody said anything. */
    DEFAULT("the default"),
    /** The configuration file, or the stream it was read from. */
    FILE("the file"),
    /** An environment variable, {@code HOLDFAST_...}. */
    ENVIRONMENT("the environment"),
    /** A system property, {@code holdfast....}. */
    SYSTEM_PROPERTY("a system property"),
    /** A setter that the application called. */
    PROGRAM("the program");

    private final String words;

    SettingSource(String words) {
        this.words = words;
    }

    /** {@return for people, such as "a system property"} */
    public String words() {
        return words;
    }
}
