package dev.holdfast.config.load;

/**
 * What was read of a file.
 *
 * @param document its top-level elements
 * @param whole whether all of it could be read; if not, what is missing in it is no mistake
 * @param namesAreKeys whether several of one kind are a group by name (YAML), not repeated elements with a name (XML)
 */
record SourceTree(SourceNode document, boolean whole, boolean namesAreKeys) {
    /** Deeper than any setting; a parser must not be led further. */
    static final int DEEPEST = 16;

    static final String TOO_DEEP = "nested deeper than " + DEEPEST + " levels";
}
