package dev.holdfast.testkit;

/**
 * From one member to another, by their numbers.
 *
 * @param from who speaks
 * @param to who hears it
 */
record Direction(int from, int to) {

    Direction back() {
        return new Direction(to, from);
    }

    boolean isOf(int member) {
        return from == member || to == member;
    }
}
