package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.cli.ConsoleProcess.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Maven wrapper on a machine that has a shell and a JDK, and nothing on its path: no curl, wget, unzip or git. */
class WrapperTest {

    private static final String MAVEN = "#!/bin/sh\necho \"a Maven that was asked: $*\"\n";

    @TempDir
    Path temp;

    private final AtomicInteger downloads = new AtomicInteger();
    private HttpServer server;
    private Path checkout;
    private byte[] distribution;

    @BeforeEach
    void aCheckoutAndAServerWithAMaven() throws Exception {
        Path original = Path.of(System.getProperty("holdfast.checkout"));
        checkout = temp.resolve("a checkout");
        Path wrapper = Files.createDirectories(checkout.resolve(".mvn/wrapper"));
        Files.copy(original.resolve("mvnw"), checkout.resolve("mvnw"));
        Files.copy(original.resolve(".mvn/wrapper/InstallMaven.java"), wrapper.resolve("InstallMaven.java"));
        distribution = zip("apache-maven-9/bin/mvn", MAVEN);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/apache-maven-9-bin.zip", exchange -> {
            downloads.incrementAndGet();
            exchange.sendResponseHeaders(200, distribution.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(distribution);
            }
        });
        server.start();
        name(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(distribution)));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void mavenIsFetchedOnceWithAJdkAlone() throws Exception {
        for (int run = 0; run < 2; run++) {
            Result result = mvnw("-B", "verify");
            assertThat(result.exitCode()).as("%s", result).isZero();
            assertThat(result.out()).isEqualTo("a Maven that was asked: -B verify\n");
        }
        assertThat(downloads).hasValue(1);
    }

    @Test
    void aMavenWithAnotherChecksumIsNeverStarted() throws Exception {
        name("0".repeat(64));
        Result result = mvnw("verify");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("wrong checksum, nothing was unpacked", "expected-sha256=" + "0".repeat(64));
        assertThat(temp.resolve("m2/wrapper/dists/apache-maven-9")).isEmptyDirectory();
    }

    private void name(String sha256) throws IOException {
        Files.writeString(
                checkout.resolve(".mvn/wrapper/maven-wrapper.properties"),
                "distributionUrl=http://127.0.0.1:" + server.getAddress().getPort() + "/apache-maven-9-bin.zip\n"
                        + "distributionSha256Sum=" + sha256 + "\n");
    }

    private Result mvnw(String... arguments) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", checkout.resolve("mvnw").toString());
        builder.command().addAll(java.util.List.of(arguments));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(java.util.List.of("JAVA_TOOL_OPTIONS", "MAVEN_OPTS", "MVNW_REPOURL"));
        environment.put("PATH", Files.createDirectories(temp.resolve("nothing")).toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("MAVEN_USER_HOME", temp.resolve("m2").toString());
        return ConsoleProcess.await(builder.start());
    }

    private static byte[] zip(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
