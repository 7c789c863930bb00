package dev.holdfast.testkit.mutant;

/** A test of a module, written as {@code module: full.name.OfItsClass#method}. */
record NamedTest(String module, String type, String method) {

    static NamedTest parse(String text) {
        String[] parts = text.split(": |#", -1);
        return new NamedTest(parts[0], parts[1], parts[2]);
    }

    @Override
    public String toString() {
        return module + ": " + type + "#" + method;
    }
}
