package dev.holdfast.testkit.fuzz;

/** What the fuzzer calls: the target that {@code holdfast.fuzz.target} names. */
public final class Fuzzed {

    private static final Target TARGET = Target.valueOf(System.getProperty("holdfast.fuzz.target"));

    static {
        try {
            for (byte[] seed : Seeds.of(TARGET)) {
                TARGET.take(
                        seed); // loads the classes, each of which is instrumented: that takes long, and is no input's
                // fault
            }
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Fuzzed() {}

    /** Found by its name. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        TARGET.take(input);
    }
}
