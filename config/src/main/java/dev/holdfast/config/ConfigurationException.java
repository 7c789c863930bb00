package dev.holdfast.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A configuration that can't be used, with everything that is wrong with it. Nothing was started; mend it and retry. */
public final class ConfigurationException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    /** {@code List.copyOf} of serialisable records is serialisable. */
    @SuppressWarnings("serial")
    private final List<Problem> problems;

    /**
     * With one line per problem in its message.
     *
     * @param problems in the order in which they are told
     */
    public ConfigurationException(List<Problem> problems) {
        this(problems, null);
    }

    /**
     * With one line per problem in its message, and the failure behind it.
     *
     * @param problems in the order in which they are told
     * @param cause what it was found by; null if by nothing
     */
    public ConfigurationException(List<Problem> problems, @Nullable Throwable cause) {
        super(message(problems), cause);
        this.problems = List.copyOf(problems);
    }

    /** {@return every mistake: what could not be read, then what is out of its limits, then what does not go together; immutable} */
    public List<Problem> problems() {
        return problems;
    }

    /** {@return what its message carries} */
    public ErrorCode code() {
        return ErrorCode.CONFIGURATION_WRONG;
    }

    private static String message(List<Problem> problems) {
        String head = problems.size() == 1
                ? "The configuration has a mistake:"
                : "The configuration has " + problems.size() + " mistakes:";
        return problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining("", ErrorCode.CONFIGURATION_WRONG.says(head), ""));
    }
}
