package dev.holdfast.replication.control;

/** What was written by a newer Holdfast is not guessed at. */
final class Versions {

    private Versions() {}

    static void require(String what, int found, int supported) {
        if (found != supported) {
            throw new ControlFormatException("Of another version: " + what + ", format=" + found
                    + ", this Holdfast reads format=" + supported + "; use one that reads format " + found);
        }
    }
}
