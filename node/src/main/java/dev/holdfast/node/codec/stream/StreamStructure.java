package dev.holdfast.node.codec.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stream of Java serialisation holds, as maps, lists, texts, numbers and Booleans, made without its classes.
 *
 * <p>An object is a map: {@code class}, then its fields, those of its topmost class first. Values of the JDK are what they
 * stand for: numbers, texts, dates, collections. An object that occurs more than once carries a mark in its {@code class},
 * {@code "com.acme.Order &1"}, and is {@code "*1"} where it occurs again. A lambda names the method with its body and what it
 * captured. Texts, collections and depth are cut with a note that says how much there is.
 *
 * @param values one for each that was asked for, or fewer where the stream has a problem
 * @param problem why there is not all of it, or null
 */
public record StreamStructure(
        List<@Nullable Object> values, @Nullable String problem) {

    /** Looks at the first {@code count} values of the stream that begins at {@code offset}; whatever is there, never throws. */
    public static StreamStructure of(byte[] bytes, int offset, int count) {
        List<Node> nodes = new ArrayList<>(count);
        String problem = null;
        try {
            new StreamParser(bytes, offset).read(count, nodes::add);
        } catch (StreamProblem e) {
            problem = e.getMessage();
        }
        StructurePrinter printer = new StructurePrinter();
        List<@Nullable Object> values = new ArrayList<>(nodes.size());
        nodes.forEach(node -> values.add(printer.print(node)));
        return new StreamStructure(values, problem);
    }
}
