package dev.holdfast.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Names with wildcards.
 *
 * <p>In the name of an executor {@code *} stands for any characters, none included. Of the patterns that match a name the
 * one with the most other characters is the most specific. Two of those are a tie: an error, since the order of a file
 * must not decide.
 *
 * <p>Patterns of class names are another thing, see {@link SerializationConfig#getAllowedClasses()}.
 */
public final class NamePatterns {
    private static final String PART = "[\\p{javaJavaIdentifierStart}][\\p{javaJavaIdentifierPart}]*";
    private static final Pattern CLASS_PATTERN =
            Pattern.compile("\\*{1,2}|" + PART + "(\\." + PART + ")*(\\*|\\.\\*|\\.\\*\\*)?");

    private NamePatterns() {}

    /**
     * Whether the name has a wildcard.
     *
     * @param name any text
     * @return whether it has a {@code *}
     */
    public static boolean isPattern(String name) {
        return name.indexOf('*') >= 0;
    }

    static int specificity(String pattern) {
        return (int) pattern.chars().filter(c -> c != '*').count();
    }

    /**
     * The best of the patterns for a name: empty for none, one, or the several of a tie.
     *
     * @param patterns names with wildcards; others are passed over
     * @param name of an executor
     * @return patterns, in no order
     */
    public static List<String> mostSpecific(Collection<String> patterns, String name) {
        List<String> best = new ArrayList<>();
        int bestSpecificity = -1;
        for (String pattern : patterns) {
            if (!isPattern(pattern) || !matches(pattern, name)) {
                continue;
            }
            int specificity = specificity(pattern);
            if (specificity > bestSpecificity) {
                best.clear();
                bestSpecificity = specificity;
            }
            if (specificity == bestSpecificity) {
                best.add(pattern);
            }
        }
        return best;
    }

    /** Greedy with one point to come back to: linear in practice, never exponential as a regular expression may be. */
    static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int starAt = -1;
        int resumeAt = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                starAt = p++;
                resumeAt = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (starAt >= 0) {
                p = starAt + 1;
                n = ++resumeAt;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /**
     * Whether this is a pattern of class names: one of the forms in {@link SerializationConfig#getAllowedClasses()}.
     *
     * @param pattern any text
     * @return whether it may be listed
     */
    public static boolean isClassPattern(String pattern) {
        return CLASS_PATTERN.matcher(pattern).matches();
    }

    static boolean admitsClass(String pattern, String className) {
        if (pattern.equals("*") || pattern.equals("**")) {
            return true;
        }
        if (pattern.endsWith(".**")) {
            return className.startsWith(pattern.substring(0, pattern.length() - 2));
        }
        if (pattern.endsWith(".*")) {
            String prefix = pattern.substring(0, pattern.length() - 1);
            return className.startsWith(prefix) && className.indexOf('.', prefix.length()) < 0;
        }
        if (pattern.endsWith("*")) {
            return className.startsWith(pattern.substring(0, pattern.length() - 1));
        }
        return pattern.equals(className);
    }
}
