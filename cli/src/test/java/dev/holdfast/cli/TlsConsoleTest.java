package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console, over the network, against a member that demands certificates. */
class TlsConsoleTest {

    private static final String PASSWORD = "only-in-tests";

    @TempDir
    Path directory;

    @Test
    void aClusterWithTlsAnswersWhoHasACertificateAndNobodyElse() throws Exception {
        makeCertificate();
        int port = FreePorts.of(1).get(0);
        String address = "127.0.0.1:" + port;
        Config config = new Config().setClusterName("tls").setNodeName("a").setPartitionCount(2);
        config.getStorageConfig().setDirectory(directory.resolve("a"));
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost("127.0.0.1")
                .setPort(port)
                .setMembers(List.of(address))
                .setTlsCertificates(directory.resolve("node.crt"))
                .setTlsKey(directory.resolve("node.key"))
                .setTlsTrusted(directory.resolve("node.crt"));
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            assertThat(node.getName()).isEqualTo("a");
            List<Object> certified = List.of(
                    "--address",
                    address,
                    "--tls-certificates",
                    directory.resolve("node.crt"),
                    "--tls-key",
                    directory.resolve("node.key"),
                    "--tls-trusted",
                    directory.resolve("node.crt"));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                Result status = run("status", certified);
                assertThat(status.exitCode()).as("%s", status).isZero();
            });
            assertThat(run("tasks list", certified).exitCode()).isZero();

            Result without = run("status", List.of("--address", address));
            assertThat(without.exitCode()).as("%s", without).isNotZero();
            assertThat(without.err()).contains("No member answers");
            Result half = run("status", List.of("--address", address, "--tls-key", directory.resolve("node.key")));
            assertThat(half.exitCode()).as("%s", half).isEqualTo(2);
            assertThat(half.err()).contains("tls");
        }
    }

    private Result run(String command, List<Object> options) throws Exception {
        List<Object> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(options);
        return ConsoleProcess.run(directory, words.toArray());
    }

    /** By the JDK's keytool: one that vouches for itself, for 127.0.0.1. */
    private void makeCertificate() throws Exception {
        Path store = directory.resolve("node.p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of("-genkeypair", "-alias", "node", "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-validity", "2", "-dname", "CN=node", "-ext", "san=ip:127.0.0.1"));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        pem("node.crt", "CERTIFICATE", keys.getCertificate("node").getEncoded());
        pem(
                "node.key",
                "PRIVATE KEY",
                keys.getKey("node", PASSWORD.toCharArray()).getEncoded());
    }

    private void pem(String name, String what, byte[] bytes) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                directory.resolve(name), "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
