package dev.holdfast.node.remote;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commands of this process for one partition that are not answered. Each is told once. Thread-safe. */
final class Postings {

    /** A call waits here while the owner's connection has no room: as many as it takes, a few times. */
    private static final int LINES = 4;

    private final PartitionSlot slot;
    private final RemoteCalls calls;
    private final RequestNumbers numbers;
    /** All that are sent to another node or wait for an owner; those at a local partition wait there. */
    private final Set<Posting> unanswered = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicInteger looks = new AtomicInteger();

    Postings(PartitionSlot slot, RemoteCalls calls, RequestNumbers numbers) {
        this.slot = slot;
        this.calls = calls;
        this.numbers = numbers;
    }

    /** As {@link PartitionSlot#post}. */
    boolean post(Command command, Consumer<Reply> onReply) {
        Posting posting = new Posting(command, onReply);
        if (slot.owner() instanceof Owner.Local local && !Delivery.isUnderWay()) {
            return local.partition().post(command, posting);
        }
        if (unanswered.size() >= (long) calls.maxOutstanding() * LINES) {
            return false;
        }
        unanswered.add(posting);
        if (Delivery.isUnderWay()) {
            calls.execute(posting::attempt); // it may be led here
        } else {
            posting.attempt();
        }
        return true;
    }

    void ownerChanged() {
        unanswered.forEach(Posting::ownerChanged);
    }

    /** While the owner is not reached one look is made for all that wait: thousands of attempts would find out the same. */
    private void lookForWay() {
        if (looking.compareAndSet(false, true)) {
            calls.later(Retries.pause(looks.getAndIncrement()), this::look);
        }
    }

    private void look() {
        looking.set(false); // before the look: who waits from here on has another one made
        boolean isReached = isReached(slot.owner());
        if (isReached) {
            looks.set(0);
        }
        boolean somebodyWaits = false;
        for (Posting each : unanswered) {
            somebodyWaits |= each.looked(isReached);
        }
        if (somebodyWaits) {
            lookForWay();
        }
    }

    private boolean isReached(Owner owner) {
        return !(owner instanceof Owner.Remote other) || calls.detour().reaches(other.peer());
    }

    void close() {
        unanswered.forEach(posting -> posting.giveUp(ErrorCode.NODE_CLOSED.says("it is closed here")));
    }

    /** One command, on its way to whoever leads the partition. */
    private final class Posting implements Consumer<Reply> {

        private final Command command;
        private final Consumer<Reply> onReply;
        private final long deadlineNanos = System.nanoTime() + calls.timeout().toNanos();

        // Guarded by this.
        private boolean done;
        private long number;
        private int attempts;
        private int failures;
        /** Whether the attempt of this number is the one that waits for its time, rather than for an answer. */
        private boolean parked;
        /** Whether it is parked until a look finds that the owner is reached. */
        private boolean stranded;

        private boolean maybeDone;
        private @Nullable Owner asked;
        private String problem = "nobody was asked";

        Posting(Command command, Consumer<Reply> onReply) {
            this.command = command;
            this.onReply = onReply;
        }

        /** Not on a thread of the network. */
        void attempt() {
            Owner owner = slot.owner();
            int attempt;
            Command named = command;
            synchronized (this) {
                if (done) {
                    return;
                }
                parked = false;
                stranded = false;
                attempt = ++attempts;
                asked = owner;
                if (owner instanceof Owner.Local && number != 0) {
                    named = Identified.command(command, numbers.named(number));
                }
            }
            if (deadlineNanos - System.nanoTime() <= 0) {
                giveUp(null);
            } else if (owner instanceof Owner.Local local) {
                postTo(local, named, attempt);
            } else if (owner instanceof Owner.Remote other) {
                sendTo(other, attempt);
            } else {
                failed(attempt, false, ((Owner.None) owner).why());
            }
        }

        private void postTo(Owner.Local local, Command named, int attempt) {
            if (local.partition().post(named, reply -> told(attempt, reply, "this node gave the partition up"))) {
                return;
            }
            String why = local.partition().problem();
            if (why != null) {
                refused(Reply.Refusal.PARTITION, "The partition refuses: partition=" + slot.id() + ", problem=" + why);
            } else if (command instanceof Command.Submit) {
                refused(
                        Reply.Refusal.BUSY,
                        "Too many submits wait for their commit: partition=" + slot.id() + "; submit again later");
            } else {
                failed(attempt, false, "the partition is being given up by this node");
            }
        }

        private void sendTo(Owner.Remote other, int attempt) {
            long name;
            synchronized (this) {
                if (done) {
                    return;
                }
                if (number == 0) {
                    number = numbers.take();
                }
                name = number;
            }
            Duration left = Duration.ofNanos(Math.max(deadlineNanos - System.nanoTime(), 1));
            slot.at(other).call(command, numbers.named(name), left, (reply, why) -> told(attempt, reply, why));
        }

        /** The reply of the local partition, at the first attempt. */
        @Override
        public void accept(Reply reply) {
            if (reply instanceof Reply.Elsewhere || passes(reply)) {
                unanswered.add(this);
            }
            told(0, reply, "this node gave the partition up");
        }

        private void told(int attempt, Reply reply, String why) {
            if (passes(reply)) {
                failed(attempt, false, ((Reply.Refused) reply).message());
            } else if (!(reply instanceof Reply.Elsewhere elsewhere)) {
                finish(reply); // true, whichever attempt it answers
            } else if (elsewhere.maybeDone() && !canRepeat()) {
                finish(new Reply.Unanswered(why));
            } else {
                failed(attempt, elsewhere.maybeDone(), why);
            }
        }

        /** Of a new leader that has to reserve ids above all that may have been issued: it is over in a moment. */
        private boolean passes(Reply reply) {
            return reply instanceof Reply.Refused refused && refused.refusal() == Reply.Refusal.SEQUENCES;
        }

        /** A command without a name must not be sent twice, unless it says itself that it is the same. */
        private synchronized boolean canRepeat() {
            return number != 0
                    || command instanceof Command.Operate
                    || (command instanceof Command.Submit submit
                            && submit.spec().idempotencyKey() != null);
        }

        private void failed(int attempt, boolean maybe, String why) {
            Owner now = slot.owner();
            boolean isReached = isReached(now);
            boolean moved;
            Duration pause;
            synchronized (this) {
                maybeDone |= maybe;
                if (done || attempt != attempts) {
                    return;
                }
                problem = why;
                moved = !now.equals(asked);
                parked = true;
                stranded = !moved && !isReached;
                pause = Retries.pause(failures++);
            }
            if (!moved && !isReached) {
                lookForWay();
            } else {
                calls.later(moved ? Duration.ZERO : pause, () -> resume(attempt));
            }
        }

        /** Returns whether it waits for the next look. */
        boolean looked(boolean isReached) {
            synchronized (this) {
                if (done || !stranded) {
                    return false;
                }
                if (!isReached && deadlineNanos - System.nanoTime() > 0) {
                    return true;
                }
                stranded = false;
                parked = false;
            }
            attempt();
            return false;
        }

        private void resume(int attempt) {
            synchronized (this) {
                if (!parked || attempt != attempts) {
                    return;
                }
                parked = false;
            }
            attempt();
        }

        /** What waits for its time goes on, and what waits for the answer of a former owner asks the new one. */
        void ownerChanged() {
            Owner now = slot.owner();
            synchronized (this) {
                boolean deaf = asked instanceof Owner.Remote && !asked.equals(now) && !(now instanceof Owner.None);
                if (done || !(parked || deaf)) {
                    return;
                }
                maybeDone |= !parked;
                parked = false;
                stranded = false;
            }
            attempt();
        }

        private void refused(Reply.Refusal refusal, String message) {
            boolean unknown;
            synchronized (this) {
                unknown = maybeDone;
            }
            finish(unknown ? new Reply.Unanswered(message) : new Reply.Refused(refusal, message));
        }

        /** @param cause null: the time is over */
        void giveUp(@Nullable String cause) {
            String why;
            synchronized (this) {
                // A call that is under way at another node may have its effect there.
                maybeDone |= !parked && number != 0 && cause != null;
                why = cause == null ? problem : cause;
            }
            refused(
                    Reply.Refusal.NO_OWNER,
                    "Nobody who leads the partition answered in time: partition=" + slot.id() + ", timeout="
                            + calls.timeout() + ", problem=" + why + "; try again later");
        }

        private void finish(Reply reply) {
            long name;
            synchronized (this) {
                if (done) {
                    return;
                }
                done = true;
                name = number;
            }
            unanswered.remove(this);
            if (name != 0) {
                numbers.done(name);
            }
            onReply.accept(reply);
        }
    }
}
