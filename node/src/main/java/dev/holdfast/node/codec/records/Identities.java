package dev.holdfast.node.codec.records;

/**
 * Notices an object that occurs twice in one graph. This form would make two of it, and whoever writes to an array or compares
 * with {@code ==} could tell. There are few, so each is compared with each.
 */
final class Identities {

    private final Object[] seen;
    private int count;

    Identities(int most) {
        this.seen = new Object[most];
    }

    /** Whether it is met for the first time. */
    boolean isNew(Object object) {
        for (int i = 0; i < count; i++) {
            if (seen[i] == object) {
                return false;
            }
        }
        seen[count++] = object;
        return true;
    }
}
