package dev.holdfast.cli;

import java.util.Arrays;

/** Stands for the console in a jar of the launcher's tests. */
final class PrintsItsArguments {

    private PrintsItsArguments() {}

    public static void main(String[] arguments) {
        System.out.println(Arrays.toString(arguments));
        System.exit(7);
    }
}
