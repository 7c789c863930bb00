package dev.holdfast.config.load;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of texts: a YAML sequence, XML elements called {@code itemName}, or one text with commas.
 *
 * @param itemName the XML element of one item
 * @param item what one item is, such as "host:port"
 */
record ListOf(String itemName, String item) implements ValueType<List<String>> {
    @Override
    public List<String> parse(String text) {
        List<String> items = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return List.copyOf(items);
    }

    @Override
    public List<String> ofItems(List<String> items) {
        return List.copyOf(items);
    }

    @Override
    public String print(List<String> value) {
        return String.join(", ", value);
    }

    @Override
    public String describe() {
        return "a list of " + item;
    }
}
