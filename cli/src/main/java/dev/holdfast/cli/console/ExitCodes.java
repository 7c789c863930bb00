package dev.holdfast.cli.console;

/** How a command ends, for scripts. Each command's help names those that it uses. */
public final class ExitCodes {

    /** Done. */
    public static final int OK = 0;
    /** It was tried and failed, or what was checked is not as it should be. */
    public static final int FAILED = 1;
    /** The command line is wrong; nothing was tried. */
    public static final int USAGE = 2;
    /** Refused: a node holds the directory, no permission, or it would destroy something. */
    public static final int REFUSED = 3;
    /** What was named is not there. */
    public static final int NOT_FOUND = 4;
    /** Nobody answers. */
    public static final int UNREACHABLE = 5;

    private ExitCodes() {}
}
