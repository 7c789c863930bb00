package dev.holdfast.cli;

import dev.holdfast.node.recovery.PartitionRepair;
import dev.holdfast.node.recovery.PartitionRepair.Effect;
import dev.holdfast.node.recovery.PartitionRepair.Numbers;
import dev.holdfast.storage.directory.NewerFormatException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import dev.holdfast.storage.verify.Finding;
import dev.holdfast.storage.verify.Repair;
import dev.holdfast.storage.verify.Severity;
import dev.holdfast.storage.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One partition's part of a repair: what would become of it, and what did. */
final class RepairStep implements AutoCloseable {

    /** Of each kind, in the table; JSON has all. */
    private static final int SHOWN = 20;

    private enum Kind {
        SALVAGE,
        SET_ASIDE,
        FINISH
    }

    private final PartitionId partition;
    private final Kind kind;
    private final List<Finding> damage;
    private final @Nullable PartitionRepair plan;
    private final @Nullable Effect effect;
    private String outcome;
    private boolean failed;
    private @Nullable Path quarantine;

    private RepairStep(
            PartitionId partition, Kind kind, List<Finding> damage, @Nullable PartitionRepair plan, String outcome) {
        this.partition = partition;
        this.kind = kind;
        this.damage = damage;
        this.plan = plan;
        this.effect = plan == null ? null : plan.effect();
        this.outcome = outcome;
    }

    /** Ends what an earlier repair was killed in. */
    static RepairStep finish(PartitionId partition) {
        return new RepairStep(
                partition, Kind.FINISH, List.of(), null, "an earlier repair was cut short: its last step is done");
    }

    /** Of a damaged partition. */
    static RepairStep of(Repair repair, PartitionId partition, VerifyReport report) {
        List<Finding> damage = report.findings().stream()
                .filter(finding -> finding.severity() == Severity.DAMAGE && partition.equals(finding.partition()))
                .toList();
        try {
            PartitionRepair plan = PartitionRepair.plan(repair, partition);
            if (!repair.isOfMember()) {
                return new RepairStep(partition, Kind.SALVAGE, damage, plan, "what can be read goes on");
            }
            plan.close(); // read all the same: what a newer version wrote is not damaged
            return new RepairStep(partition, Kind.SET_ASIDE, damage, null, "set aside, to be learnt again");
        } catch (NewerFormatException | UnreadableRecordException newer) {
            return failure(partition, damage, "not damaged: " + newer.getMessage());
        } catch (IOException | RuntimeException e) {
            return failure(partition, damage, String.valueOf(e.getMessage()));
        }
    }

    private static RepairStep failure(PartitionId partition, List<Finding> damage, String why) {
        RepairStep step = new RepairStep(partition, Kind.SALVAGE, damage, null, "NOT done: " + why);
        step.failed = true;
        return step;
    }

    /** Does it, unless it was found impossible; what comes of it is in {@link #outcome}. */
    void carryOut(Repair repair) {
        if (failed) {
            return;
        }
        try {
            switch (kind) {
                case FINISH -> repair.finish(partition);
                case SET_ASIDE -> quarantine = repair.setAside(partition);
                case SALVAGE -> quarantine = Objects.requireNonNull(plan).carryOut();
            }
        } catch (IOException | RuntimeException e) {
            failed = true;
            outcome = "NOT done: " + e.getMessage();
        }
    }

    int partition() {
        return partition.value();
    }

    String outcome() {
        return outcome;
    }

    boolean isFailed() {
        return failed;
    }

    boolean holdsTasks() {
        return effect != null && !effect.idsHeld().isEmpty();
    }

    /** A number of the effect, or what stands for none. */
    Object count(ToLongFunction<Effect> number) {
        return effect == null ? "-" : number.applyAsLong(effect);
    }

    /** How many ids are in the ranges that answer LOST: most of them were never given out. */
    Object idsThatMayBeLost() {
        return count(known -> known.idsLost().stream()
                .mapToLong(ids -> ids.last() - ids.first() + 1)
                .sum());
    }

    /** Task ids that are affected and known one by one. */
    Stream<Long> ids() {
        return effect == null
                ? Stream.empty()
                : Stream.concat(effect.idsHeld().stream(), effect.idsKnownLost().stream())
                        .sorted();
    }

    /** Lines for people. */
    List<String> details() {
        List<String> lines = new ArrayList<>();
        damage.forEach(finding -> lines.add(finding.toString()));
        if (effect != null) {
            add(lines, "records lost, by LSN", ranges(effect.recordsLost()));
            if (effect.checkpointCut()) {
                lines.add("partition=" + partition + ", a part of the checkpoint can not be read");
            }
            if (effect.endUnknown()) {
                lines.add("partition=" + partition + ", records behind what can be read may be lost");
            }
            add(lines, "ids that answer LOST unless they are listed", ranges(effect.idsLost()));
            add(lines, "ids known to be lost", numbers(effect.idsKnownLost()));
            add(lines, "ids held, their results are lost if they ended", numbers(effect.idsHeld()));
            add(lines, "ids still there, though a lost record may have removed them", ranges(effect.idsMaybeRemoved()));
        }
        if (quarantine != null) {
            lines.add("partition=" + partition + ", damaged files: " + quarantine);
        }
        return lines;
    }

    private void add(List<String> lines, String what, List<String> values) {
        if (!values.isEmpty()) {
            String more = values.size() > SHOWN ? " and " + (values.size() - SHOWN) + " more (-o json)" : "";
            lines.add("partition=" + partition + ", " + what + ": "
                    + values.stream().limit(SHOWN).collect(Collectors.joining(", ")) + more);
        }
    }

    private static List<String> ranges(List<Numbers> ranges) {
        return ranges.stream()
                .map(range -> range.first() == range.last()
                        ? String.valueOf(range.first())
                        : range.first() + " to " + range.last())
                .toList();
    }

    private static List<String> numbers(List<Long> ids) {
        return ranges(Numbers.of(ids));
    }

    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("partition", partition.value());
        document.put("action", kind.name());
        document.put("outcome", outcome);
        document.put("failed", failed);
        document.put("damage", damage.stream().map(Finding::toString).toList());
        Effect known = effect;
        if (known != null) {
            document.put("recordsLost", documents(known.recordsLost()));
            document.put("checkpointCut", known.checkpointCut());
            document.put("endUnknown", known.endUnknown());
            document.put("idsLost", documents(known.idsLost()));
            document.put("idsKnownLost", known.idsKnownLost());
            document.put("idsHeld", known.idsHeld());
            document.put("idsMaybeRemoved", documents(known.idsMaybeRemoved()));
            document.put("results", known.results());
            document.put("unfinished", known.unfinished());
            document.put("held", known.held());
        }
        if (quarantine != null) {
            document.put("quarantine", quarantine.toString());
        }
        return document;
    }

    private static List<Map<String, Object>> documents(List<Numbers> ranges) {
        return ranges.stream()
                .map(range -> Map.<String, Object>of("first", range.first(), "last", range.last()))
                .toList();
    }

    @Override
    public void close() {
        if (plan != null) {
            plan.close();
        }
    }
}
