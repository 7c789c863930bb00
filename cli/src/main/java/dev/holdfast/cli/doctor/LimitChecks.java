package dev.holdfast.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What the system allows the process: files, threads, mappings, memory. */
final class LimitChecks {

    /** A partition's open files: log, checkpoint, limits, high-water mark, the segment ahead, readers. */
    private static final long FILES_PER_PARTITION = 16;

    private static final long OTHER_FILES = 512;
    private static final long FEW_THREADS = 1_024;
    private static final long FEW_MAPPINGS = 65_530;
    private static final double MUCH_HEAP = 0.75;
    /** cgroup v1 writes about this in place of "no limit". */
    private static final long NO_LIMIT = Long.MAX_VALUE / 2;

    private final SystemFiles system;
    private final Patient patient;

    LimitChecks(SystemFiles system, Patient patient) {
        this.system = system;
        this.patient = patient;
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>();
        files().ifPresent(checks::add);
        threads().ifPresent(checks::add);
        mappings().ifPresent(checks::add);
        checks.add(memory());
        return checks;
    }

    /** Empty where the system does not tell; {@link Long#MAX_VALUE} for unlimited. */
    private OptionalLong softLimit(String name) {
        Optional<String> found = system.find(
                "/proc/" + patient.process() + "/limits", Pattern.compile("^" + name + "\\s+(\\d+|unlimited)\\s"));
        return found.map(text -> text.equals("unlimited") ? OptionalLong.of(Long.MAX_VALUE) : SystemFiles.parse(text))
                .orElse(OptionalLong.empty());
    }

    private static String text(long limit) {
        return limit == Long.MAX_VALUE ? "unlimited" : Long.toString(limit);
    }

    private Optional<Check> files() {
        OptionalLong limit = softLimit("Max open files");
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        long needed = patient.config().getPartitionCount() * FILES_PER_PARTITION + OTHER_FILES;
        long open = patient.live().isPresent() ? system.count("/proc/" + patient.process() + "/fd") : -1;
        String value =
                text(limit.getAsLong()) + " for " + patient.processName() + (open < 0 ? "" : ", open now " + open)
                        + "; a node of " + patient.config().getPartitionCount() + " partitions wants up to " + needed;
        boolean enough = limit.getAsLong() >= needed;
        return Optional.of(
                enough
                        ? Check.ok("limits.files", value)
                        : Check.problem(
                                "limits.files",
                                value,
                                "a node that can not open a file stops the partition that wanted it",
                                "ulimit -n " + Math.max(needed, 4096) + " before the start, LimitNOFILE= of systemd, or"
                                        + " --ulimit nofile of Docker"));
    }

    private Optional<Check> threads() {
        OptionalLong limit = softLimit("Max processes");
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        long cgroup = cgroupFile("pids", "pids.max").orElse(Long.MAX_VALUE);
        long least = Math.min(limit.getAsLong(), cgroup);
        String value = text(least) + " processes and threads" + (cgroup < limit.getAsLong() ? ", by the cgroup" : "");
        return Optional.of(
                least >= FEW_THREADS
                        ? Check.ok("limits.threads", value)
                        : Check.warning(
                                "limits.threads",
                                value,
                                "each executor has up to pool-size threads; one that can not be started stops the JVM",
                                "ulimit -u 4096, TasksMax= of systemd, or --pids-limit of Docker"));
    }

    private Optional<Check> mappings() {
        OptionalLong limit = system.number("/proc/sys/vm/max_map_count");
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        long most = limit.getAsLong();
        long used = patient.live().isPresent()
                ? system.lines("/proc/" + patient.process() + "/maps").size()
                : 0;
        String value = "vm.max_map_count " + most + (used == 0 ? "" : ", used now " + used);
        if (used * 2 > most || most < FEW_MAPPINGS) {
            return Optional.of(Check.warning(
                    "limits.mappings",
                    value,
                    "segments are mapped into memory; a mapping too many is an OutOfMemoryError that stops the node",
                    "sysctl -w vm.max_map_count=262144, and in /etc/sysctl.d"));
        }
        return Optional.of(Check.ok("limits.mappings", value));
    }

    private Check memory() {
        long machine = system.find("/proc/meminfo", Pattern.compile("^MemTotal:\\s+(\\d+) kB"))
                .map(SystemFiles::parse)
                .filter(OptionalLong::isPresent)
                .map(kib -> kib.getAsLong() * 1024)
                .orElse(Long.MAX_VALUE);
        long cgroup = cgroupFile("memory", "memory.max")
                .or(() -> cgroupFile("memory", "memory.limit_in_bytes"))
                .filter(bytes -> bytes < NO_LIMIT)
                .orElse(Long.MAX_VALUE);
        long limit = Math.min(machine, cgroup);
        long heap = heap();
        String value =
                "heap at most " + Amounts.bytes(heap) + (limit == Long.MAX_VALUE ? "" : " of " + Amounts.bytes(limit))
                        + (cgroup < machine ? ", the limit of the cgroup" : "") + ", for " + patient.processName();
        if (limit != Long.MAX_VALUE && heap > limit * MUCH_HEAP) {
            return Check.warning(
                    "limits.memory",
                    value,
                    "heap, threads and the mapped log together do not fit: the kernel kills the process, or the log is"
                            + " read from the disk again and again",
                    "set -Xmx to at most half of it, or raise the limit");
        }
        return Check.ok("limits.memory", value);
    }

    /** Of the node where it says so on its command line, else what a JVM takes here by default, as this one did. */
    private long heap() {
        Pattern flag = Pattern.compile("-Xmx(\\d+)([kKmMgGtT]?)(?:\0|$)");
        return patient.live()
                .flatMap(node -> system.find(
                        "/proc/" + node.pid() + "/cmdline", Pattern.compile("(-Xmx\\d+[kKmMgGtT]?)(?:\0|$)")))
                .map(flag::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(found -> Long.parseLong(found.group(1)) * unit(found.group(2)))
                .orElse(Runtime.getRuntime().maxMemory());
    }

    private static long unit(String letter) {
        return switch (letter.toLowerCase(java.util.Locale.ROOT)) {
            case "k" -> 1L << 10;
            case "m" -> 1L << 20;
            case "g" -> 1L << 30;
            case "t" -> 1L << 40;
            default -> 1;
        };
    }

    /** The smallest of the process's own cgroup and those above it, of version 2 or 1; empty where there is none. */
    private Optional<Long> cgroupFile(String controller, String file) {
        long least = Long.MAX_VALUE;
        for (String line : system.lines("/proc/" + patient.process() + "/cgroup")) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            boolean second = fields[0].equals("0") && fields[1].isEmpty();
            if (!second && !List.of(fields[1].split(",")).contains(controller)) {
                continue;
            }
            String mount = second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + fields[1];
            least = Math.min(least, leastAlong(mount, fields[2], file));
        }
        return least == Long.MAX_VALUE ? Optional.empty() : Optional.of(least);
    }

    private long leastAlong(String mount, String path, String file) {
        long least = Long.MAX_VALUE;
        String at = path.equals("/") ? "" : path;
        while (true) {
            least = Math.min(least, system.number(mount + at + "/" + file).orElse(Long.MAX_VALUE));
            if (at.isEmpty()) {
                return least;
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
    }
}
