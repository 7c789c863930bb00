package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The other replicas, as their primary feeds them: what they miss comes out of the window or, for one that is far behind, out
 * of the log, a chunk at a time (catch-up), or out of a checkpoint. Each has its own bound of what is on its way.
 */
final class Followers {

    private final ReplicaState state;
    private final AckWindow window;

    /** Whether commits, or submits, wait for the node: what it misses it gets as fast as it can take it. */
    private final Predicate<NodeId> urgent;

    private final SortedMap<NodeId, Follower> byNode = new TreeMap<>();

    Followers(ReplicaState state, AckWindow window, Predicate<NodeId> urgent) {
        this.state = state;
        this.window = window;
        this.urgent = urgent;
    }

    Collection<Follower> all() {
        return byNode.values();
    }

    Optional<Follower> find(NodeId node) {
        return Optional.ofNullable(byNode.get(node));
    }

    void keep(Collection<NodeId> replicas) {
        byNode.keySet().retainAll(replicas);
        replicas.stream()
                .filter(node -> !node.equals(state.self()))
                .forEach(node -> byNode.computeIfAbsent(node, each -> new Follower(each, state.now())));
    }

    /** R9. */
    void follow(Follower follower, Message.Follow message, boolean member) {
        if (!follower.isNewer(message.stream())) {
            return;
        }
        follower.asked(message.stream());
        if (message.suspect() || message.end().lsn().compareTo(follower.acknowledged()) < 0) {
            follower.lost();
        }
        if (follower.isLossy() && member) {
            return;
        }
        EpochHistory theirs = new EpochHistory(message.history());
        Reconciliation found = Reconciliation.of(state.log.history(), theirs);
        switch (found.kind()) {
            case PREFIX -> accept(follower, message, !member);
            case TRUNCATE ->
                state.send(follower.node, new Message.TruncateTo(state.seen(), message.end(), found.upTo()));
            case CHECKPOINT -> startCheckpoint(follower, member);
            case DIFFER -> {
                follower.lost();
                state.send(follower.node, new Message.HistoriesDiffer(state.seen(), found.detail()));
            }
        }
    }

    private void accept(Follower follower, Message.Follow message, boolean learner) {
        follower.streamFrom(message.end(), state.timing());
        RowVersion version = state.table.row().orElseThrow().version();
        state.send(
                follower.node,
                new Message.FollowAccepted(
                        state.seen(), message.stream(), message.end(), state.committed(), version, learner));
        feed(follower);
    }

    /** A member has everything that is committed, so the log has what it needs: one that needs a checkpoint is none. */
    private void startCheckpoint(Follower follower, boolean member) {
        if (member) {
            follower.lost();
        } else {
            follower.startCheckpoint();
            state.send(follower.node, new Message.CheckpointNeeded(state.seen(), follower.stream()));
        }
    }

    void feedAll() {
        byNode.values().forEach(this::feed);
    }

    void feed(Follower follower) {
        ReplicaLimits limits = state.settings.limits();
        boolean goesOn = true;
        while (goesOn
                && follower.isStreaming()
                && !follower.isReading()
                && follower.hasRoom(limits)
                && follower.sentEnd().lsn().compareTo(state.log.end().lsn()) < 0) {
            boolean isUrgent = isUrgent(follower);
            Optional<Run> next = next(follower, isUrgent);
            if (next.isPresent()) {
                send(follower, next.get());
            } else if (isUrgent || follower.hasRoomForCopy(limits)) {
                read(
                        follower,
                        new Output.ReadLog(
                                follower.node, follower.session(), follower.sentEnd(), limits.chunkBytes(), isUrgent));
            } else {
                goesOn = false; // an acknowledgement makes room
            }
        }
    }

    /** Out of the window a learner that is far behind would get more at once than others can be asked to wait for. */
    private Optional<Run> next(Follower follower, boolean isUrgent) {
        long chunkBytes = state.settings.limits().chunkBytes();
        return isUrgent || window.bytesAfter(follower.sentEnd()) <= chunkBytes
                ? window.after(follower.sentEnd())
                : Optional.empty();
    }

    private void read(Follower follower, Output.Read read) {
        follower.startReading(read);
        state.outputs.add(read);
    }

    void logRead(Follower follower, LogEnd from, List<Run> runs) {
        if (!follower.reads(from)) {
            return;
        }
        follower.stopReading();
        if (follower.isStreaming() && follower.sentEnd().equals(from)) {
            runs.forEach(run -> send(follower, run));
        }
        feed(follower);
    }

    /** What went out may have arrived, only its answer not: where the follower is now decides whether it needs a checkpoint. */
    void logGone(Follower follower, LogEnd from) {
        if (!follower.reads(from)) {
            return;
        }
        follower.stopReading();
        if (follower.isStreaming() && follower.sentEnd().equals(from)) {
            follower.stopStream();
            state.send(follower.node, new Message.FollowAgain(state.seen()));
        }
        feed(follower);
    }

    void checkpointWanted(Follower follower, CheckpointPlace place) {
        if (!follower.isInstalling()) {
            state.send(follower.node, new Message.FollowAgain(state.seen()));
        } else if (!follower.isReading()) {
            long chunkBytes = state.settings.limits().chunkBytes();
            read(
                    follower,
                    new Output.ReadCheckpoint(
                            follower.node, follower.session(), place, chunkBytes, isUrgent(follower)));
        }
    }

    void checkpointRead(Follower follower, CheckpointChunk chunk) {
        if (!follower.reads(chunk.place())) {
            return;
        }
        if (follower.hasPartOfOther(chunk.place())) {
            follower.overtaken();
        }
        follower.stopReading();
        if (follower.isInstalling()) {
            state.send(follower.node, new Message.CheckpointPart(state.seen(), chunk));
        }
        feed(follower);
    }

    /**
     * Runs that were not answered go out again, and for who has become urgent nothing is put off any more. With each beacon, what
     * is committed is told to who does not know it, or has not said where it stands, and who is not fed may not go on believing that it is.
     */
    void tick(boolean withBeacon) {
        for (Follower follower : byNode.values()) {
            if (follower.resend(state.timing(), state.now())) {
                feed(follower);
            }
            hurry(follower);
            if (withBeacon && follower.isUnknown()) {
                state.send(follower.node, new Message.FollowAgain(state.seen()));
            }
            if (withBeacon && follower.isInstalling() && !follower.isReading()) {
                state.send(follower.node, new Message.CheckpointNeeded(state.seen(), follower.stream()));
            }
            boolean knowsLess =
                    follower.knownCommitted().compareTo(lower(state.committed(), follower.acknowledged())) < 0;
            if (withBeacon && follower.isStreaming() && (knowsLess || follower.owesItsPlace())) {
                state.send(follower.node, new Message.Committed(state.seen(), state.committed()));
            }
        }
    }

    private boolean isUrgent(Follower follower) {
        return follower.isOvertaken() || urgent.test(follower.node);
    }

    private void hurry(Follower follower) {
        follower.reading()
                .filter(read -> !read.urgent() && isUrgent(follower))
                .ifPresent(read -> read(follower, read.urgently()));
    }

    private void send(Follower follower, Run run) {
        follower.sent(run, state.now());
        state.send(follower.node, new Message.Append(state.seen(), run, state.committed()));
    }

    private static Lsn lower(Lsn one, Lsn other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
