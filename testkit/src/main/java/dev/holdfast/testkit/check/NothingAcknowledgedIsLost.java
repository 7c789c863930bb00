package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent.Disposing;
import dev.holdfast.testkit.HistoryEvent.Seen;
import dev.holdfast.testkit.HistoryEvent.Stored;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** I1: every stored task that nobody disposed of shows its outcome in the last life. */
final class NothingAcknowledgedIsLost implements Invariant {

    @Override
    public String number() {
        return "I1";
    }

    @Override
    public List<String> violations(History history) {
        Set<Long> disposed = history.all(Disposing.class).map(Disposing::taskId).collect(Collectors.toSet());
        Set<Long> served = history.all(Seen.class)
                .filter(seen -> seen.place().life() == history.life())
                .map(Seen::taskId)
                .collect(Collectors.toSet());
        return history.all(Stored.class)
                .filter(stored -> !disposed.contains(stored.taskId()) && !served.contains(stored.taskId()))
                .map(stored -> "acknowledged and not served in the last life: " + stored)
                .toList();
    }
}
