package dev.holdfast.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * The throughput load under Java Flight Recorder, once it has warmed up: which share each {@link Stage} has of the samples
 * of running Java code, or how many bytes it allocates for a task. The options of the load, and of: cpu or alloc.
 *
 * <p>Native code is not sampled: waking threads, page faults, the collector and the compiler are missing.
 */
final class Profile implements Measurement {

    private static final String SAMPLES = "jdk.ExecutionSample";
    private static final String ALLOCATIONS = "jdk.ObjectAllocationSample";

    private final Throughput load;

    Profile(Throughput load) {
        this.load = load;
    }

    @Override
    public Figures measure(Options options) throws Exception {
        boolean cpu = options.text("of").equals("cpu");
        Path file = Files.createTempFile("holdfast-profile-", ".jfr");
        try (Recording recording = new Recording()) {
            if (cpu) {
                recording.enable(SAMPLES).withPeriod(Duration.ofMillis(10));
            } else {
                recording.enable(ALLOCATIONS).with("throttle", "2000/s").withStackTrace();
            }
            recording.scheduleStart(Duration.ofSeconds(options.number("warm-up")));
            double perTask = load.measure(options).values().get("allocated B");
            recording.stop();
            recording.dump(file);
            return figures(file, cpu, perTask);
        } finally {
            Files.delete(file);
        }
    }

    private static Figures figures(Path file, boolean cpu, double bytesPerTask) throws IOException {
        Map<String, Double> weights = new LinkedHashMap<>();
        List<String> order = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            order.add(stage.title);
        }
        order.add(Stage.OTHER);
        order.forEach(title -> weights.put(title, 0.0));
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getStackTrace() != null) {
                weights.merge(
                        Stage.of(event.getStackTrace().getFrames()), cpu ? 1.0 : event.getLong("weight"), Double::sum);
            }
        }
        double total = weights.values().stream().mapToDouble(each -> each).sum();
        Figures figures = new Figures();
        if (!cpu) {
            figures.put("all B", bytesPerTask);
        }
        double whole = cpu ? 100 : bytesPerTask;
        order.forEach(
                title -> figures.put(title + (cpu ? " %" : " B"), whole * weights.getOrDefault(title, 0.0) / total));
        return figures;
    }
}
