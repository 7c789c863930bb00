package dev.holdfast.cli.doctor;

import dev.holdfast.storage.directory.BootId;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.Limits;
import dev.holdfast.storage.directory.LimitsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The clocks that retention, expiry and leases go by, and the identity of the page cache. */
final class ClockChecks {

    private static final long SAMPLE_MILLIS = 100;
    private static final long LARGEST_DRIFT_MILLIS = 20;
    private static final int FIRST_CREDIBLE_YEAR = 2024;
    private static final Duration TOLERANCE = Duration.ofMinutes(1);
    private static final int COMMAND_SECONDS = 3;
    private static final Set<String> SLOW_SOURCES = Set.of("acpi_pm", "hpet", "jiffies", "refined-jiffies", "pit");

    private final SystemFiles system;
    private final Patient patient;

    ClockChecks(SystemFiles system, Patient patient) {
        this.system = system;
        this.patient = patient;
    }

    List<Check> run() throws InterruptedException {
        List<Check> checks = new ArrayList<>(List.of(wall(), monotonic(), synchronised()));
        boot().ifPresent(checks::add);
        return checks;
    }

    private Check wall() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        if (now.atZone(ZoneOffset.UTC).getYear() < FIRST_CREDIBLE_YEAR) {
            return Check.problem(
                    "clock.wall",
                    now.toString(),
                    "the date can not be right",
                    "set the clock, and keep it set with NTP");
        }
        try {
            Instant written = Files.getLastModifiedTime(DirectoryLayout.nodeLimits(patient.directory()))
                    .toInstant();
            if (now.isBefore(written.minus(TOLERANCE))) {
                return Check.warning(
                        "clock.wall",
                        now + ", the directory was last started at " + written.truncatedTo(ChronoUnit.SECONDS),
                        "the clock has gone back: results expire and keys are forgotten later than they should",
                        "set the clock, and keep it set with NTP");
            }
        } catch (IOException noDirectoryYet) {
            // nothing to compare with
        }
        return Check.ok("clock.wall", now.toString());
    }

    /** Wall and monotonic clock over the same time, the shortest of which tells. */
    private Check monotonic() throws InterruptedException {
        long wall = System.currentTimeMillis();
        long nanos = System.nanoTime();
        new CountDownLatch(1).await(SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
        long wallPassed = System.currentTimeMillis() - wall;
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
        long apart = wallPassed - passed;
        String source = system.line("/sys/devices/system/clocksource/clocksource0/current_clocksource")
                .orElse("not told");
        String value = "wall clock " + (apart >= 0 ? "+" : "") + apart + " ms against the monotonic one in " + passed
                + " ms; source " + source;
        if (Math.abs(apart) > LARGEST_DRIFT_MILLIS) {
            return Check.warning(
                    "clock.monotonic",
                    value,
                    "one of them jumps: someone is setting the clock, or the machine was suspended",
                    "run it again; if it stays, look at the NTP service and at the hypervisor");
        }
        if (SLOW_SOURCES.contains(source)) {
            return Check.warning(
                    "clock.monotonic",
                    value,
                    "reading this clock source is slow, and a node reads it for each task",
                    "see why the kernel gave tsc up: dmesg | grep -i clocksource");
        }
        return Check.ok("clock.monotonic", value);
    }

    private Check synchronised() throws InterruptedException {
        if (system.exists("/run/systemd/timesync/synchronized")) {
            return Check.ok("clock.ntp", "synchronised, systemd-timesyncd says");
        }
        Optional<String> told = ask("timedatectl", "show", "-p", "NTPSynchronized", "--value");
        if (told.isPresent() && told.get().equals("yes")) {
            return Check.ok("clock.ntp", "synchronised, timedatectl says");
        }
        if (told.isPresent() && told.get().equals("no")) {
            return Check.warning(
                    "clock.ntp",
                    "not synchronised, timedatectl says",
                    "what expires goes by this clock, and in a cluster the nodes' clocks would be apart",
                    "start chrony or systemd-timesyncd (in a container: on the host)");
        }
        return Check.hint(
                "clock.ntp",
                "can not be told here",
                "see that chrony, ntpd or systemd-timesyncd runs (in a container: on the host)");
    }

    private static Optional<String> ask(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var answer = process.inputReader(StandardCharsets.US_ASCII)) {
                boolean ended = process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
                return ended ? Optional.ofNullable(answer.readLine()).map(String::strip) : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException noSuchCommand) {
            return Optional.empty();
        }
    }

    /** Whether what the last node wrote would still be in the page cache. */
    private Optional<Check> boot() {
        Path limits = DirectoryLayout.nodeLimits(patient.directory());
        if (!Files.exists(limits) || patient.live().isPresent()) {
            return Optional.empty();
        }
        try {
            Limits last = LimitsFile.read(limits, LimitsFile.NODE).limits();
            boolean same = last.bootId().equals(BootId.ofSystem().of(patient.directory()));
            if (last.clean()) {
                return Optional.of(Check.ok("clock.boot", "the last node closed in order"));
            }
            return Optional.of(
                    same
                            ? Check.ok(
                                    "clock.boot",
                                    "the last node was killed; the page cache is the same, nothing was lost")
                            : Check.hint(
                                    "clock.boot",
                                    "the last node did not close, and the machine or the mount is another since",
                                    "the next start takes that for a power loss: with storage.sync os or interval what was"
                                            + " not forced answers LOST, and the log says what"));
        } catch (IOException | RuntimeException e) {
            return Optional.of(Check.problem(
                    "clock.boot",
                    "not told",
                    "node.limits can not be read: " + e.getMessage(),
                    "bring the directory back from a backup, or ask with the file at hand"));
        }
    }
}
