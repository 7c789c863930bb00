package dev.holdfast.bench;

import dev.holdfast.bench.load.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What the rounds found: by scenario, contender and figure. */
final class Results {

    private final Map<String, Map<String, Map<String, List<Double>>>> found = new LinkedHashMap<>();

    void add(String scenario, String contender, Figures figures) {
        Map<String, List<Double>> ofContender = found.computeIfAbsent(scenario, name -> new LinkedHashMap<>())
                .computeIfAbsent(contender, name -> new LinkedHashMap<>());
        figures.values()
                .forEach((name, value) -> ofContender
                        .computeIfAbsent(name, unused -> new ArrayList<>())
                        .add(value));
    }

    /** Empty if it was not measured. */
    OptionalDouble median(String scenario, String contender, String figure) {
        List<Double> values = found.getOrDefault(scenario, Map.of())
                .getOrDefault(contender, Map.of())
                .getOrDefault(figure, List.of());
        return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(middle(values));
    }

    /** The table of a scenario in Markdown: a line for each contender, a column for each figure. */
    String table(Scenario scenario) {
        Map<String, Map<String, List<Double>>> contenders = found.getOrDefault(scenario.name(), Map.of());
        List<String> figures = contenders.values().stream()
                .flatMap(each -> each.keySet().stream())
                .distinct()
                .toList();
        StringBuilder text = new StringBuilder();
        text.append("\n### ")
                .append(scenario.title())
                .append("\n\n| `")
                .append(scenario.name())
                .append("` |");
        figures.forEach(figure -> text.append(' ').append(figure).append(" |"));
        text.append("\n|---|").append("---:|".repeat(figures.size())).append('\n');
        contenders.forEach((contender, values) -> {
            text.append("| ").append(contender).append(" |");
            figures.forEach(figure -> text.append(' ')
                    .append(spread(values.getOrDefault(figure, List.of())))
                    .append(" |"));
            text.append('\n');
        });
        return text.toString();
    }

    private static String spread(List<Double> values) {
        if (values.isEmpty()) {
            return "";
        }
        List<Double> sorted = values.stream().sorted().toList();
        if (sorted.size() == 1) {
            return number(sorted.get(0));
        }
        return number(middle(sorted)) + " [" + number(sorted.get(0)) + "-" + number(sorted.get(sorted.size() - 1))
                + "]";
    }

    private static double middle(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    static String number(double value) {
        String format = Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
