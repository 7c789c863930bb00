package dev.holdfast.config.load;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The nearest of the known names to one that was mistyped. */
final class Nearest {
    /** Longer names than any of ours: the distance costs length times length. */
    private static final int LONGEST = 64;

    private Nearest() {}

    static @Nullable String of(String given, Collection<String> known) {
        if (given.length() > LONGEST) {
            return null;
        }
        String wanted = plain(given);
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String name : known) {
            String candidate = plain(name);
            int distance = distance(wanted, candidate);
            if (distance <= Math.max(1, candidate.length() / 3) && distance < least) {
                nearest = name;
                least = distance;
            }
        }
        return nearest;
    }

    /** {@code poolSize}, {@code pool_size}, {@code POOL-SIZE} and {@code pool-size} are the same to a human. */
    private static String plain(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
