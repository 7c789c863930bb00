package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates that are made when they are needed, by the JDK's keytool: none here has a date on which tests begin to fail. */
final class TestCertificates {

    private static final String PASSWORD = "only-in-tests";

    private TestCertificates() {}

    /** One that vouches for itself, for 127.0.0.1, trusted by whoever has its files. */
    static TlsFiles selfSigned(Path directory, String name) {
        Path store = directory.resolve(name + ".p12");
        keytool(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            Path certificate = pem(
                    directory.resolve(name + ".crt"),
                    "CERTIFICATE",
                    keys.getCertificate("node").getEncoded());
            Path key = pem(
                    directory.resolve(name + ".key"),
                    "PRIVATE KEY",
                    keys.getKey("node", PASSWORD.toCharArray()).getEncoded());
            return new TlsFiles(certificate, key, certificate);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("No certificate: name=" + name, e);
        }
    }

    /** The same certificate, trusting also those of {@code other}. */
    static TlsFiles trusting(TlsFiles files, TlsFiles other) throws IOException {
        Path both = files.certificates()
                .resolveSibling("trusted-" + files.certificates().getFileName());
        Files.writeString(both, Files.readString(files.trusted()) + Files.readString(other.certificates()));
        return new TlsFiles(files.certificates(), files.privateKey(), both);
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n",
                StandardCharsets.US_ASCII);
    }

    private static void keytool(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("keytool failed: command=" + command, e);
        }
    }
}
