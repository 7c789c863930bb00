import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Fetches the Maven that this project builds with: {@code java InstallMaven.java URL SHA256 DIRECTORY}. The mvnw
 * scripts start it once per Maven version. It is a Java program, and not a shell script, because a JDK is the one thing
 * that every machine has that can build this project; curl, wget, unzip and sha256sum may be missing.
 *
 * <p>It verifies the checksum before it unpacks, and renames a complete directory into place: neither a wrong nor half a
 * Maven is ever started, also when two builds start at the same time.
 */
final class InstallMaven {
    private static final int ATTEMPTS = 3;
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(20);
    private static final Duration DOWNLOAD_PATIENCE = Duration.ofMinutes(5);

    public static void main(String[] args) {
        if (args.length != 3) {
            fail("Usage: java InstallMaven.java URL SHA256 DIRECTORY");
        }
        try {
            install(URI.create(args[0]), args[1], Path.of(args[2]).toAbsolutePath());
        } catch (IOException problem) {
            fail("Maven could not be installed: url=" + args[0] + ", directory=" + args[2] + ": " + problem
                    + System.lineSeparator()
                    + "Check the network. Behind a proxy: MAVEN_OPTS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'."
                    + " With a mirror of Maven Central: MVNW_REPOURL=https://HOST/PATH.");
        }
    }

    private static void install(URI url, String sha256, Path directory) throws IOException {
        Path parent = directory.getParent();
        Files.createDirectories(parent);
        Path work = Files.createTempDirectory(parent, ".install-");
        try {
            System.err.println("Downloading " + url);
            Path archive = work.resolve("maven.zip");
            String found = download(url, archive);
            if (!found.equalsIgnoreCase(sha256)) {
                throw new IOException("wrong checksum, nothing was unpacked: expected-sha256=" + sha256
                        + ", found-sha256=" + found);
            }
            Path unpacked = unpack(archive, work.resolve("unpacked"));
            moveIntoPlace(unpacked, directory);
        } finally {
            delete(work);
        }
    }

    private static String download(URI url, Path target) throws IOException {
        IOException last = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                return downloadOnce(url, target);
            } catch (IOException problem) {
                last = problem;
            }
        }
        throw last;
    }

    private static String downloadOnce(URI url, Path target) throws IOException {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_PATIENCE)
                .build();
        HttpRequest request = HttpRequest.newBuilder(url).build();
        try {
            HttpResponse<Path> response = client.sendAsync(request, HttpResponse.BodyHandlers.ofFile(target))
                    .get(DOWNLOAD_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("the server answered status=" + response.statusCode());
            }
            return sha256Of(target);
        } catch (ExecutionException problem) {
            throw new IOException(String.valueOf(problem.getCause()), problem.getCause());
        } catch (TimeoutException slow) {
            throw new IOException("the download did not end in time: limit=" + DOWNLOAD_PATIENCE, slow);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stop);
        }
    }

    private static String sha256Of(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Answers the one directory that the archive holds. */
    private static Path unpack(Path archive, Path into) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("the archive leaves its directory: entry=" + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target);
                }
            }
        }
        try (Stream<Path> top = Files.list(into)) {
            List<Path> found = top.toList();
            Path maven = found.size() == 1 ? found.get(0).resolve("bin/mvn") : into;
            // The stream form of a zip does not tell file modes; mvn is the only script that mvnw starts.
            if (!Files.isRegularFile(maven) || !maven.toFile().setExecutable(true, false)) {
                throw new IOException("this is no Maven distribution: found=" + found);
            }
            return found.get(0);
        }
    }

    private static void moveIntoPlace(Path unpacked, Path directory) throws IOException {
        try {
            Files.move(unpacked, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException problem) {
            // A build that started at the same time was faster; what it put there passed the same checks.
            if (!Files.isRegularFile(directory.resolve("bin/mvn"))) {
                throw problem;
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> everything = Files.walk(directory)) {
            for (Path path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
