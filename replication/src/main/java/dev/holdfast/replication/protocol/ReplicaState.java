package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a replica knows whatever its role is. One thread, that of {@link PartitionReplica}. */
final class ReplicaState {

    final ReplicaSettings settings;
    final List<Output> outputs = new ArrayList<>();
    final LocalLog log;
    final TableView table;
    private final Map<NodeId, Session> sessions = new TreeMap<>();

    /** Highest epoch seen; R3: nothing is acknowledged under it before {@link #persisted} has reached it. */
    private Epoch seen;

    private Epoch persisted;

    /** Who leads {@link #seen}, once a row or a message has told. */
    private Optional<NodeId> leader = Optional.empty();

    private Lsn committed;

    /** R12: this replica wants to be, or is, the only one in sync. */
    private boolean wantsAlone;

    /** Where the log ended when it began to want that: acknowledged before, maybe without a force. */
    private Lsn aloneFrom = Lsn.NONE;

    private boolean pageCacheLost;

    /** All that it acknowledged in an earlier life is gone; implies {@link #pageCacheLost}. */
    private boolean emptied;

    /** In this life: what it learnt before, it may have lost since with the page cache. */
    private Optional<RowVersion> learnerAt = Optional.empty();

    /** Since it was emptied, in whatever life: the empty log does not come back. */
    private Optional<RowVersion> learnsSince;

    private StreamId lastStream;
    private long nowNanos;

    ReplicaState(ReplicaSettings settings, ReplicaStart start, long nowNanos) {
        this.settings = settings;
        this.nowNanos = nowNanos;
        lastStream = new StreamId(nowNanos);
        log = new LocalLog(start, outputs);
        log.now(nowNanos);
        persisted = higher(start.persistedEpoch(), start.end().epoch());
        seen = persisted;
        table = new TableView(settings, start, persisted, outputs);
        committed = start.committed();
        learnsSince = start.learnsSince().filter(version -> start.emptied());
        emptied = start.emptied()
                && start.row().filter(row -> isIn(row, learnsSince)).isEmpty();
        pageCacheLost = start.pageCacheLost() || emptied;
    }

    NodeId self() {
        return settings.self();
    }

    ReplicaTiming timing() {
        return settings.timing();
    }

    long now() {
        return nowNanos;
    }

    void now(long nanos) {
        nowNanos = nanos;
        log.now(nanos);
    }

    Epoch seen() {
        return seen;
    }

    boolean isEpochPersisted() {
        return persisted.equals(seen);
    }

    void persisted(Epoch epoch) {
        persisted = higher(persisted, epoch);
    }

    Optional<NodeId> leader() {
        return leader;
    }

    Optional<Leader> redirect() {
        return leader.map(node -> new Leader(node, seen));
    }

    /** R3. The caller ends the role that belongs to the epoch before. */
    void see(Epoch epoch, Optional<NodeId> ledBy) {
        seen = epoch;
        leader = ledBy;
        if (!isEpochPersisted()) {
            outputs.add(new Output.PersistEpoch(epoch));
        }
    }

    void learnLeader(NodeId node) {
        leader = Optional.of(node);
    }

    Lsn committed() {
        return committed;
    }

    /** R2: says so, if that is further than before. */
    boolean commit(Lsn upTo) {
        if (upTo.compareTo(committed) <= 0) {
            return false;
        }
        committed = upTo;
        outputs.add(new Output.AdvanceCommit(upTo));
        return true;
    }

    /** A checkpoint is in place: what it holds is committed, and needs no telling. */
    void installed(LogEnd at) {
        log.installed(at);
        aloneFrom = at.lsn();
        committed = at.lsn();
    }

    /** R11, R12: whether an append counts only once it is forced. */
    boolean acknowledgesAfterForce() {
        return settings.acknowledgeAfterForce()
                || wantsAlone
                || table.isProposingToStandAlone()
                || table.row().filter(this::isAloneIn).isPresent();
    }

    /** The end of what this replica may say that it has. */
    Lsn acknowledged() {
        return acknowledgesAfterForce() ? log.forced() : log.end().lsn();
    }

    void forceIfNeeded() {
        if (acknowledgesAfterForce()) {
            log.wantForce(log.end().lsn());
        }
    }

    /** R12: whether the whole log is forced, and will be before each acknowledgement; asks for it if not. */
    boolean isReadyToStandAlone() {
        if (!wantsAlone) {
            wantsAlone = true;
            aloneFrom = log.end().lsn();
            log.wantForce(aloneFrom);
        }
        return log.forced().compareTo(aloneFrom) >= 0;
    }

    void standAloneNoMore() {
        wantsAlone = false;
    }

    void truncated(LogEnd at) {
        log.truncated(at);
        aloneFrom = at.lsn(); // forced, and it may never again end where it did
    }

    private boolean isAloneIn(PartitionRow row) {
        return TableView.standsAlone(row) && row.inSync().contains(self());
    }

    boolean isInSync() {
        return table.row().filter(row -> row.inSync().contains(self())).isPresent();
    }

    /**
     * R11: whether acknowledged records may be missing here. The only member in sync acknowledged after a force (R12), as far
     * as this node's row is the current one: it is not if a later epoch has been seen. Whose log was set aside has none of that.
     */
    boolean isSuspect() {
        if (emptied) {
            return table.row().filter(this::isToGoOnWithNothing).isEmpty();
        }
        return pageCacheLost
                && table.row()
                        .filter(row -> row.inSync().size() == 1 && isInSync() && mayBeCurrent(row))
                        .isEmpty();
    }

    /** Whether an operator has said just now that this replica is to go on with what it has, be it nothing. */
    private boolean isToGoOnWithNothing(PartitionRow row) {
        return row.primary().isEmpty()
                && row.inSync().size() == 1
                && isInSync()
                && table.recovery().filter(row.epoch()::equals).isPresent();
    }

    boolean isEmptied() {
        return emptied;
    }

    /** Rows of an epoch lower than the highest seen are old, but for one that nobody led yet: logs may be older than it. */
    boolean mayBeCurrent(PartitionRow row) {
        return row.epoch().compareTo(seen) >= 0 || row.primary().isEmpty();
    }

    /**
     * Whether acknowledged work may be missing in a log that nobody compares with another. Who was left alone in sync by its own
     * proposal had forced its log first (R12); whom the table left alone, or who never was one of several, had not. Nor had who led
     * last as {@link TakeOver#ALL_SUSPECT}, which the row does not tell: unless the opening of that epoch is in the log, it has to be
     * said again.
     */
    boolean mayLackWork(TakeOver how, Epoch epoch) {
        boolean hasLastOpening = log.end().epoch().value() >= epoch.value() - 1;
        boolean forcedInTime = table.row().filter(TableView::standsAlone).isPresent()
                && how != TakeOver.FIRST
                && how != TakeOver.DEPOSED
                && hasLastOpening;
        boolean alone = table.row().filter(row -> row.inSync().size() == 1).isPresent();
        return isRecoveryToCome() || (pageCacheLost && alone && !forcedInTime);
    }

    /** Whether an operator has accepted a loss, and no epoch has begun in this log since. */
    private boolean isRecoveryToCome() {
        return table.recovery()
                .filter(epoch -> log.end().epoch().compareTo(epoch) <= 0)
                .isPresent();
    }

    boolean hasLostPageCache() {
        return pageCacheLost;
    }

    /** A primary has this replica as a learner since {@code version}: only a later row can make it a member. */
    void learns(RowVersion version) {
        if (learnerAt.isEmpty()) {
            learnerAt = Optional.of(version);
        }
        if (emptied && learnsSince.isEmpty()) {
            learnsSince = Optional.of(version);
        }
    }

    /**
     * It is about to lead by {@code row}, although it was emptied: an operator has said so. To be noted before, so that it counts
     * in the row that comes of it too, should this process not live to see that.
     */
    void goesOnWithNothing(PartitionRow row) {
        if (emptied && learnsSince.isEmpty()) {
            learnsSince = Optional.of(new RowVersion(row.version().value() - 1));
        }
    }

    /** To be noted with the mark that this replica was emptied. */
    Optional<RowVersion> learnsSince() {
        return learnsSince.filter(version -> emptied);
    }

    /** After a row came: being in sync again, after having learnt, ends the suspicion. */
    void reviewSuspicion(PartitionRow row) {
        if (isIn(row, learnerAt)) {
            pageCacheLost = false;
            emptied = false;
        }
    }

    /** Whether {@code row} has this replica in sync after all that it learnt since {@code since}. */
    private boolean isIn(PartitionRow row, Optional<RowVersion> since) {
        return row.inSync().contains(self())
                && since.filter(version -> row.version().compareTo(version) > 0).isPresent();
    }

    /** Its log is what the others have to become equal to: whatever it lost, it is not short of that. */
    void leads() {
        pageCacheLost = false;
        emptied = false;
    }

    Session sessionOf(NodeId node) {
        return sessions.getOrDefault(node, Session.NONE);
    }

    void heard(NodeId node, Session session) {
        sessions.put(node, session);
    }
    /** Greater than all before, even if the clock stands still. */
    StreamId nextStream() {
        long afterLastNanos = lastStream.askedAtNanos() + 1;
        lastStream = new StreamId(nowNanos - afterLastNanos > 0 ? nowNanos : afterLastNanos);
        return lastStream;
    }

    void send(NodeId to, Message message) {
        outputs.add(new Output.Send(to, message));
    }

    private static Epoch higher(Epoch one, Epoch other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
