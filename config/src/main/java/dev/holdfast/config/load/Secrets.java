package dev.holdfast.config.load;

import dev.holdfast.config.EffectiveSetting;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values that must not get into a log. A name tells, so that a secret under a mistyped or unknown name is hidden too. */
public final class Secrets {
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(passw|passphrase|secret|token|credential|private-?_?key|api-?_?key).*");

    private Secrets() {}

    /** Whether a setting of this name, or path, holds a secret. */
    public static boolean isSecret(String name) {
        return SECRET.matcher(name).matches();
    }

    /** The value, or a word in its place. */
    public static @Nullable String shown(String name, @Nullable String value) {
        return value != null && isSecret(name) ? EffectiveSetting.HIDDEN : value;
    }
}
