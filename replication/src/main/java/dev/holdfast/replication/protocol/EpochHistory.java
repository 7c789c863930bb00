package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each epoch ends in one log, oldest first: what two logs are compared by (R9). Immutable. The first entry is where the
 * log begins: the end of the checkpoint that took the place of everything before it, or {@link LogEnd#EMPTY}. At most {@value
 * #MAX_EPOCHS} epochs: older ones are merged into the beginning, as if a checkpoint had taken them, and a follower that would
 * need them gets one.
 */
public record EpochHistory(List<EpochEnd> entries) {

    public static final int MAX_EPOCHS = 256;
    public static final EpochHistory EMPTY = startingAt(LogEnd.EMPTY);

    public EpochHistory {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("Not a history: it does not say where the log begins");
        }
        for (int i = 1; i < entries.size(); i++) {
            LogEnd before = entries.get(i - 1).end();
            LogEnd after = entries.get(i).end();
            if (after.lsn().compareTo(before.lsn()) <= 0 || after.epoch().compareTo(before.epoch()) < 0) {
                throw new IllegalArgumentException("Not a history: " + after + " after " + before);
            }
        }
    }

    /** Of a log that holds nothing but what a checkpoint at {@code base} says. */
    public static EpochHistory startingAt(LogEnd base) {
        return new EpochHistory(List.of(new EpochEnd(base)));
    }

    /** Where the log begins: before it nothing can be read. */
    public LogEnd base() {
        return entries.get(0).end();
    }

    public LogEnd end() {
        return entries.get(entries.size() - 1).end();
    }

    public Epoch lastEpoch() {
        return end().epoch();
    }

    /** After an append that made the log end in {@code end}, with records of that epoch only. */
    public EpochHistory append(LogEnd end) {
        List<EpochEnd> longer = new ArrayList<>(entries);
        if (longer.size() > 1 && lastEpoch().equals(end.epoch())) {
            longer.remove(longer.size() - 1);
        }
        longer.add(new EpochEnd(end));
        return new EpochHistory(longer.size() > MAX_EPOCHS ? longer.subList(1, longer.size()) : longer);
    }

    /** After everything above {@code end} was voided; {@code end} as the log has it. */
    public EpochHistory truncate(LogEnd end) {
        List<EpochEnd> shorter = new ArrayList<>(entries);
        while (shorter.size() > 1 && shorter.get(shorter.size() - 1).end().lsn().compareTo(end.lsn()) >= 0) {
            shorter.remove(shorter.size() - 1);
        }
        if (end.lsn().compareTo(shorter.get(shorter.size() - 1).end().lsn()) > 0) {
            shorter.add(new EpochEnd(end));
        }
        return new EpochHistory(shorter);
    }

    /** After a checkpoint took the place of everything up to {@code base}. */
    public EpochHistory trim(LogEnd base) {
        if (base.lsn().compareTo(base().lsn()) <= 0) {
            return this;
        }
        List<EpochEnd> later = new ArrayList<>();
        later.add(new EpochEnd(base));
        entries.stream()
                .filter(entry -> entry.end().lsn().compareTo(base.lsn()) > 0)
                .forEach(later::add);
        return new EpochHistory(later);
    }

    /**
     * Where the last record of {@code epoch} is.
     *
     * @throws IllegalArgumentException the history has no such epoch
     */
    LogEnd endOf(Epoch epoch) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).epoch().equals(epoch)) {
                return entries.get(i).end();
            }
        }
        throw new IllegalArgumentException("No such epoch: epoch=" + epoch + ", history=" + entries);
    }
}
