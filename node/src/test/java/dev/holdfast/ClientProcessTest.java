package dev.holdfast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ServedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClientProcessTest {

    @TempDir
    Path directory;

    record Squared(int number) implements DurableCallable<Integer> {
        @Override
        public Integer call() {
            return number * number;
        }
    }

    /** In a JVM of its own. */
    static final class Program {

        private Program() {}

        public static void main(String[] address) throws Exception {
            ClientConfig config = new ClientConfig().setMembers(List.of(address));
            config.getSerializationConfig().addAllowedClasses("dev.holdfast.**");
            try (HoldfastInstance client = Holdfast.newClient(config)) {
                DurableExecutorService service = client.getDurableExecutorService("jobs");
                DurableExecutorServiceFuture<Integer> future = service.submit(new Squared(7));
                Integer result = future.get(20, TimeUnit.SECONDS);
                Files.writeString(
                        Path.of("result"), result + " " + service.getStats().completed());
            }
        }
    }

    @Test
    void aClientNeedsNoFlagAndLoadsNothingOfTheStorage() throws Exception {
        Config config = new Config().setPartitionCount(2);
        config.getStorageConfig().setDirectory(directory.resolve("node"));
        Path place = Files.createDirectory(directory.resolve("client"));
        try (HoldfastInstance node = Holdfast.newInstance(config);
                ServedNode served = new ServedNode(node)) {
            Process program = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xlog:class+load:file=classes",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Program.class.getName(),
                            served.address().toString())
                    .directory(place.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(place.resolve("output").toFile())
                    .start();
            try {
                boolean ended = program.waitFor(50, TimeUnit.SECONDS);
                assertThat(ended).as(read(place.resolve("output"))).isTrue();
                assertThat(program.exitValue())
                        .as(read(place.resolve("output")))
                        .isZero();
            } finally {
                program.destroyForcibly();
            }
        }
        assertThat(read(place.resolve("result"))).isEqualTo("49 1");
        assertThat(loaded(place, "dev.holdfast.node.remote.PartitionSlot")).isNotEmpty();
        assertThat(loaded(place, "net.openhft.")).isEmpty();
        assertThat(loaded(place, "org.apache.ratis.")).isEmpty();
        try (Stream<Path> files = Files.list(place)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("output", "classes", "result");
        }
    }

    private static List<String> loaded(Path place, String prefix) throws IOException {
        return read(place.resolve("classes"))
                .lines()
                .filter(line -> line.contains("] " + prefix))
                .toList();
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, UTF_8);
    }
}
