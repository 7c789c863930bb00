package dev.holdfast.config.load;

import java.util.List;
import java.util.function.Predicate;

/** Which values of the right type are allowed. */
public interface Limit<V> {
    /** Whether this value is allowed; for a list, whether all of its items are. */
    boolean admits(V value);

    /** For people, such as "from 1 to 10,000"; empty when there is no limit. */
    String describe();

    /** No limit beyond the type. */
    static <V> Limit<V> none() {
        return matching(value -> true, "");
    }

    /** Both ends included. */
    static <V extends Comparable<V>> Limit<V> between(ValueType<V> type, V least, V most) {
        return matching(
                value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                "from " + Numbers.grouped(type.print(least)) + " to " + Numbers.grouped(type.print(most)));
    }

    /** What the predicate says. */
    static <V> Limit<V> matching(Predicate<V> predicate, String description) {
        return new Limit<>() {
            @Override
            public boolean admits(V value) {
                return predicate.test(value);
            }

            @Override
            public String describe() {
                return description;
            }
        };
    }

    /**
     * The limit of every item of a list; the items that break it are named one by one.
     *
     * @param item the limit of one
     * @param fewest items there must be
     * @param most items there may be
     */
    record Each(Limit<String> item, int fewest, int most) implements Limit<List<String>> {
        @Override
        public boolean admits(List<String> value) {
            return admitsCount(value.size()) && value.stream().allMatch(item::admits);
        }

        boolean admitsCount(int count) {
            return count >= fewest && count <= most;
        }

        @Override
        public String describe() {
            return fewest + " to " + Numbers.grouped(Integer.toString(most)) + " of " + item.describe();
        }
    }
}
