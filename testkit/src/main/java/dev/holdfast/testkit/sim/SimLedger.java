package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Decision;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.Takeover;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RunId;
import dev.holdfast.replication.protocol.TakeOver;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The real ledger of one process: decides for the primary, takes in what is committed, answers when that is due. */
final class SimLedger {

    static final String EXECUTOR = "work";

    private static final ExecutorLimits LIMITS =
            new ExecutorLimits(10_000, 10_000, 10_000, 10_000_000, TaskSpec.NO_TTL, false, 10_000, 10_000, 86_400_000);

    /** A reply that waits until everything decided up to {@code upTo} is committed. */
    private record Waiting(Lsn upTo, boolean stores, SimReply reply, Consumer<SimReply> asker) {}

    private final SimProcess process;
    private final SimDisk disk;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private TaskLedger ledger;
    private Lsn applied;
    private Lsn decided = Lsn.NONE;
    private boolean serving;
    private boolean leading;
    private Epoch led = Epoch.NONE;
    private long lastRun;
    private boolean lastRefused;
    private long memorySequence;

    SimLedger(SimProcess process) {
        this.process = process;
        this.disk = process.node.disk;
        ledger = restored();
        applied = disk.base().lsn();
        memorySequence = ledger.nextSequence();
    }

    private TaskLedger restored() {
        RunnerListener listener = new RunnerListener(sequence -> process.runner.wantStart(sequence));
        TaskLedger made = new TaskLedger(SimControlPlane.PARTITION, name -> LIMITS, listener);
        disk.checkpoint().forEach(made::install);
        return made;
    }

    TaskLedger ledger() {
        return ledger;
    }

    Lsn applied() {
        return applied;
    }

    /** The epoch that this process has led last. */
    Epoch led() {
        return led;
    }

    boolean isServing() {
        return serving;
    }

    /** A checkpoint has taken the place of log and ring. */
    void replaced() {
        ledger = restored();
        applied = disk.base().lsn();
        process.world.checks.restored(process);
    }

    void checkpoint() {
        if (applied.value() > disk.base().lsn().value() + 10) {
            List<SnapshotItem> items = new ArrayList<>();
            ledger.snapshot().forEach(items::add);
            if (process.world.settings.is(Mutation.CHECKPOINT_WITHOUT_KEYS)) {
                items.removeIf(SnapshotItem.Key.class::isInstance);
            }
            if (process.world.settings.is(Mutation.CHECKPOINT_WITHOUT_REQUESTS)) {
                items.removeIf(SnapshotItem.Caller.class::isInstance);
            }
            disk.trim(applied, items);
            process.step(new Input.LogTrimmed(disk.base()));
        }
    }

    /** What was in flight is taken up from the log's tail, then the epoch begins. */
    void becomePrimary(Output.BecomePrimary output) {
        ledger.dropInFlight();
        for (Lsn lsn = applied.next(); lsn.compareTo(disk.end().lsn()) <= 0; lsn = lsn.next()) {
            ledger.takeUp(disk.entry(lsn).written());
        }
        leading = true;
        led = output.epoch();
        Decision decision = ledger.decide(start(output), process.node.clock.wallMillis());
        decided = new Lsn(disk.end().lsn().value() + decision.records().size());
        process.node.after(
                0, () -> process.step(new Input.EpochRun(output.epoch(), new SimRecords(decision.records()))));
    }

    /** As a node does. */
    private Command.StartEpoch start(Output.BecomePrimary output) {
        long next = ledger.nextSequenceOfLog();
        long ceiling = process.replica.row().map(PartitionRow::idCeiling).orElse(0L);
        Takeover takeover =
                new Takeover(output.epoch().value(), process.session.value(), cause(output.how()), next, 0, ceiling);
        if (output.lossPossible()) {
            return process.world.settings.is(Mutation.IDS_ISSUED_AGAIN_AFTER_A_LOSS)
                    ? takeover.first()
                    : takeover.afterALoss();
        }
        return output.how() == TakeOver.FIRST ? takeover.first() : takeover.later();
    }

    private static EpochCause cause(TakeOver how) {
        return switch (how) {
            case FIRST -> EpochCause.FIRST;
            case RESTART -> EpochCause.CRASH_START;
            case HAND_OVER, FAILOVER, DEPOSED, ALL_SUSPECT -> EpochCause.TAKEOVER;
        };
    }

    void startServing() {
        serving = true;
    }

    void stepDown() {
        serving = false;
        leading = false;
        ledger.dropInFlight();
        processEnded();
    }

    /** Nobody knows whether what waits is stored. */
    void processEnded() {
        List<Waiting> unanswered = List.copyOf(waiting);
        waiting.clear();
        boolean lies = process.world.settings.is(Mutation.UNKNOWN_TAKEN_FOR_NOTHING);
        unanswered.forEach(
                each -> each.asker().accept(each.stores() && !lies ? SimReply.UNKNOWN : SimReply.TRY_ELSEWHERE));
    }

    void command(Command command, Consumer<SimReply> asker) {
        if (!serving) {
            asker.accept(SimReply.TRY_ELSEWHERE);
            return;
        }
        ledger.allowSequencesUpTo(
                process.replica.row().map(PartitionRow::idCeiling).orElse(0L));
        int inFlight = ledger.inFlight();
        Command asked = Mutated.asked(process.world.settings.mutation(), command);
        Decision decision = ledger.decide(asked, process.node.clock.wallMillis());
        if (process.world.settings.is(Mutation.ID_FROM_MEMORY) && command instanceof Command.Submit) {
            decision = Mutated.withIdFromMemory(ledger, decision, inFlight, memorySequence);
            memorySequence += decision.records().size();
        }
        if (Mutated.staysHere(process.world.settings.mutation(), command, ledger, decision, inFlight)) {
            asker.accept(SimReply.answered(decision.reply()));
            return;
        }
        boolean stores = !decision.records().isEmpty();
        if (!stores && decision.reply() instanceof Reply.Stored stored && !stored.existing()) {
            process.world.totals.add(Totals.Count.REPEATS);
        }
        if (stores && !offered(decision.records())) {
            ledger.dropInFlightBeyond(inFlight);
            asker.accept(SimReply.TRY_ELSEWHERE);
            return;
        }
        waiting.add(new Waiting(decided, stores, SimReply.answered(decision.reply()), asker));
        answer(process.replica.committed());
    }

    /** Puts into the log what no ledger decided: a mistake. */
    void undecided(Optional<LogRecord.Replicated> record) {
        if (serving && record.isPresent()) {
            offered(List.of(record.get()));
        }
    }

    private boolean offered(List<LogRecord.Replicated> records) {
        lastRefused = false;
        RunId id = new RunId(++lastRun);
        Lsn before = decided;
        decided = new Lsn(before.value() + records.size());
        process.step(new Input.ClientRun(id, new SimRecords(records)));
        if (lastRefused) {
            decided = before;
        }
        return !lastRefused;
    }

    void refused(RunId id) {
        lastRefused = lastRefused || id.value() == lastRun;
    }

    /** The log has everything up to there: what planted mistakes take for good enough. */
    void appended(Lsn end) {
        if (process.world.settings.is(Mutation.ACKNOWLEDGE_BEFORE_REPLICATION) && leading) {
            answer(end);
        }
        if (process.world.settings.is(Mutation.BACKUP_APPLIES_UNCOMMITTED_TAIL) && !leading) {
            apply(end);
        }
    }

    /** R2: the one place where records become visible. */
    void advance(Lsn committed) {
        apply(committed);
        answer(committed);
    }

    private void apply(Lsn upTo) {
        while (applied.compareTo(upTo) < 0) {
            SimDisk.Entry entry = disk.entry(applied.next());
            applied = applied.next();
            process.world.checks.applies(process, entry);
            boolean stripped = process.world.settings.is(Mutation.KEY_TABLE_NOT_REPLICATED) && !leading;
            ledger.apply(stripped ? Mutated.withoutKey(entry.written()) : entry.written());
            process.world.checks.applied(process, applied);
        }
    }

    private void answer(Lsn upTo) {
        while (!waiting.isEmpty() && waiting.peek().upTo().compareTo(upTo) <= 0) {
            Waiting next = waiting.remove();
            // What was read and not stored holds only while nobody else serves.
            if (next.stores() || process.mayServe()) {
                process.world.checks.answered(process, next.upTo());
                next.asker().accept(next.reply());
            } else {
                next.asker().accept(SimReply.TRY_ELSEWHERE);
            }
        }
    }
}
