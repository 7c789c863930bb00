package dev.holdfast.config.load;

import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects mistakes, so that all of them are reported at once. Bounded: a hostile file must not fill the memory. */
public final class Problems {
    /** Nobody mends more in one go. */
    static final int MOST = 1_000;

    private final List<Problem> list = new ArrayList<>();
    private final Set<String> settings = new HashSet<>();
    private boolean more;

    /** None yet. */
    public Problems() {}

    void add(
            String where,
            String setting,
            @Nullable String value,
            String what,
            String allowed,
            @Nullable String suggestion) {
        settings.add(setting);
        if (list.size() < MOST) {
            list.add(new Problem(where, setting, Secrets.shown(setting, value), what, allowed, suggestion));
        } else if (!more) {
            more = true;
            list.add(new Problem(where, "", null, "more than " + MOST + " mistakes; the rest is not shown", "", null));
        }
    }

    /** Takes over the other ones. */
    public void addAll(List<Problem> others) {
        others.forEach(other ->
                add(other.where(), other.setting(), other.value(), other.what(), other.allowed(), other.suggestion()));
    }

    List<Problem> list() {
        return List.copyOf(list);
    }

    /** Whether this setting is known to be wrong; then what follows from its value is not reported as well. */
    boolean concerns(String setting) {
        return settings.contains(setting);
    }

    /** Throws if there is one. */
    public void throwIfAny() {
        if (!list.isEmpty()) {
            throw toException(null);
        }
    }

    /** With the failure behind the problems, if there was one. */
    ConfigurationException toException(@Nullable Throwable cause) {
        return new ConfigurationException(list, cause);
    }
}
