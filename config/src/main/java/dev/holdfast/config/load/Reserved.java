package dev.holdfast.config.load;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Environment variables and system properties that look like settings and are none: the launcher's, the build's, and what
 * container platforms make from the name of a service.
 */
public final class Reserved {
    /** Of the launcher, of the console's log, and of this project's own build and tests. */
    private static final Set<String> PROPERTIES = Set.of(
            "holdfast.home",
            "holdfast.command",
            "holdfast.columns",
            "holdfast.log",
            "holdfast.suite",
            "holdfast.checkout",
            "holdfast.minutes",
            "holdfast.mutation",
            "holdfast.rounds",
            "holdfast.seed",
            "holdfast.damage.trials",
            "holdfast.fuzz.keep",
            "holdfast.fuzz.seconds",
            "holdfast.fuzz.target",
            "holdfast.trials",
            "holdfast.trace",
            "holdfast.walks",
            "holdfast.java25.home");

    /** The launcher's, and those that images and unit files set by custom, whatever the program: they are no misspellings. */
    private static final Set<String> VARIABLES =
            Set.of("HOLDFAST_JAVA_OPTS", "HOLDFAST_HOME", "HOLDFAST_VERSION", "HOLDFAST_LOG", "HOLDFAST_OPTS");

    private static final String BUILD_VARIABLES = "HOLDFAST_CI_";

    /**
     * For a service called {@code holdfast}, or {@code holdfast-x}, Kubernetes gives every container of the namespace
     * {@code HOLDFAST_SERVICE_HOST}, {@code HOLDFAST_PORT_5710_TCP_ADDR} and the like; Docker does so for links, whose alias may be {@code holdfast_1},
     * and adds {@code HOLDFAST_1_NAME=/app/holdfast_1} and each variable of the other container, {@code
     * HOLDFAST_1_ENV_PATH}.
     */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("HOLDFAST_(.*_)?(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)");

    private static final Pattern LINK_VARIABLE = Pattern.compile("HOLDFAST_(.*_)?ENV_.*");
    private static final Pattern LINK_ALIAS = Pattern.compile("HOLDFAST_(.*_)?NAME");
    private static final Pattern LINK_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");
    private static final Pattern LINK_NAME = Pattern.compile("/[^/]+/[^/]+");

    private Reserved() {}

    /** Whether a property of this name is somebody else's. */
    public static boolean isProperty(String name) {
        return PROPERTIES.contains(name);
    }

    /** Whether a variable of this name is somebody else's. */
    public static boolean isVariable(String name) {
        return VARIABLES.contains(name) || name.startsWith(BUILD_VARIABLES);
    }

    /** Whether a container platform made this variable, although a setting could have its name. */
    static boolean isServiceAddress(String name, String value) {
        return name.endsWith("_PORT") && LINK_ADDRESS.matcher(value).matches();
    }

    /** Whether a container platform made this variable; asked when no setting has its name. */
    static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                || LINK_VARIABLE.matcher(name).matches()
                || (LINK_ALIAS.matcher(name).matches()
                        && LINK_NAME.matcher(value).matches());
    }
}
