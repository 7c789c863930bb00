package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionReplica;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A machine: a disk, clocks, and at most one process at a time. */
final class SimNode {

    final NodeId id;
    final SimWorld world;
    final SimDisk disk = new SimDisk();
    final SimClock clock;

    private final Deque<Runnable> held = new ArrayDeque<>();
    private ClusterState view = ClusterState.EMPTY;
    private int life;
    private boolean on;
    private @Nullable SimProcess process;
    private long stoppedUntilNanos;
    private Effect stopped = Effect.NONE;
    private long slowness = 1;
    private Effect slow = Effect.NONE;
    private long fullUntilNanos;
    private Effect full = Effect.NONE;

    /** The disk notes it: what was acknowledged may be missing, until the replica is in sync again (R11). */
    boolean lostPageCache;

    /** The disk notes it: its log was set aside, and it has not learnt again since. */
    boolean emptied;

    /** Noted with that: since which row it learns. */
    Optional<RowVersion> learnsSince = Optional.empty();

    /** The checks know it: what was acknowledged is missing, or may be. */
    boolean lossy;

    Optional<SimDisk.Copy> olderCopy = Optional.empty();

    SimNode(NodeId id, SimWorld world, SimClock clock) {
        this.id = id;
        this.world = world;
        this.clock = clock;
    }

    /** Whether a process is there, be it starting still. */
    boolean isOn() {
        return on;
    }

    Optional<SimProcess> process() {
        return Optional.ofNullable(process);
    }

    /** What this node has seen of the control table. */
    ClusterState view() {
        return view;
    }

    void view(ClusterState state) {
        if (state.revision().compareTo(view.revision()) > 0) {
            view = state;
            if (process != null) {
                SimProcess running = process;
                gate(life, () -> running.rowSeen(state));
            }
        }
    }

    /** Lets {@code action} happen to this life of the node: now, when it goes on, or never. */
    void gate(int ofLife, Runnable action) {
        if (ofLife != life || !on) {
            return;
        }
        if (isStopped()) {
            stopped.happened();
            held.add(() -> gate(ofLife, action));
        } else {
            action.run();
        }
    }

    void after(long delayNanos, Runnable action) {
        int ofLife = life;
        world.timeline.after(delayNanos, () -> gate(ofLife, action));
    }

    int life() {
        return life;
    }

    boolean isStopped() {
        return stoppedUntilNanos > world.timeline.nowNanos();
    }

    /** SIGSTOP, or a machine that is suspended: time goes by without it. */
    void stop(long nanos, Effect effect) {
        stopped = effect;
        stoppedUntilNanos = Math.max(stoppedUntilNanos, world.timeline.nowNanos() + nanos);
        world.timeline.after(stoppedUntilNanos - world.timeline.nowNanos(), this::goOn);
    }

    /** From now on the disk takes so many times as long; 1 is the usual. */
    void slowDown(long times, Effect effect) {
        slowness = times;
        slow = effect;
    }

    long slowness() {
        slow.happenedIf(slowness > 1);
        return slowness;
    }

    /** There is no room for records until then. */
    void fillUp(long nanos, Effect effect) {
        fullUntilNanos = world.timeline.nowNanos() + nanos;
        full = effect;
    }

    /** Asked by whoever needs room. */
    boolean isFull() {
        boolean now = fullUntilNanos > world.timeline.nowNanos();
        full.happenedIf(now);
        return now;
    }

    private void goOn() {
        for (int i = held.size(); i > 0 && !isStopped(); i--) {
            held.remove().run();
        }
    }

    void start() {
        if (!on) {
            on = true;
            life++;
            held.clear();
            new SimStart(this).begin();
        }
    }

    void started(SimProcess started) {
        process = started;
        olderCopy = olderCopy.or(() -> Optional.of(disk.copy()));
        world.checks.started(this, started);
    }

    /** The process is gone; whoever had a connection to it hears of that. */
    void crash(boolean heard) {
        if (!on) {
            return;
        }
        Session ended = disk.session;
        on = false;
        held.clear();
        if (process != null) {
            process.end();
            process = null;
        }
        if (heard) {
            world.nodes.stream().filter(other -> other != this).forEach(other -> other.hearOfDeath(this, ended));
        }
    }

    private void hearOfDeath(SimNode dead, Session ended) {
        after(world.random.nextInt(200) * SimSettings.MILLI, () -> {
            if (!dead.on && !world.network.isCut(id, dead.id)) {
                process().ifPresent(each -> each.step(new Input.PeerGone(dead.id, ended)));
            }
        });
    }

    /** The log is of no use and is set aside; the next process learns it again. The real node does so within the process. */
    void relearn() {
        crash(true);
        setAside();
        world.timeline.after((50 + world.random.nextInt(300)) * SimSettings.MILLI, this::start);
    }

    void setAside() {
        disk.setAside();
        emptied = true;
        learnsSince = Optional.empty();
        lossy = true;
    }

    void losePower() {
        crash(false);
        disk.losePower(world.random);
        world.totals.add(Totals.Count.POWER_LOSSES);
        if (!world.settings.always()) {
            lostPageCache = true;
            lossy = true;
        }
    }

    /** Whether the disk notes that what was acknowledged may be missing, for one reason or another. */
    boolean isSuspect() {
        return lostPageCache || emptied;
    }

    /** Notes on the disk what the replica says of itself. */
    void noted(PartitionReplica replica, boolean keeps) {
        boolean madeUpFor = !replica.hasLostPageCache() && !keeps;
        lostPageCache = lostPageCache && !madeUpFor;
        emptied = emptied && !madeUpFor;
        learnsSince = replica.learnsSince().or(() -> learnsSince).filter(version -> emptied);
    }

    void receive(NodeId from, Session session, Message message) {
        gate(life, () -> process().ifPresent(each -> each.receive(from, session, message)));
    }

    /** Whether a read would be answered, or a task started, here and now. */
    boolean serves() {
        return process != null && !isStopped() && process.mayServe();
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
