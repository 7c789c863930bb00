package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.CheckpointChunk;
import dev.holdfast.replication.protocol.CheckpointPlace;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellInboxTest {

    private final List<Runnable> workers = new ArrayList<>();
    private final List<Input> drained = new ArrayList<>();
    private final ShellInbox inbox =
            new ShellInbox(100, 10_000, workers::add, taken -> taken.forEach(each -> drained.add(each.input())));

    private static Input.Received part(int bytes) {
        CheckpointChunk chunk = new CheckpointChunk(CheckpointPlace.START, false, new CheckpointBytes(new byte[bytes]));
        return new Input.Received(new NodeId("a"), new Session(1), new Message.CheckpointPart(new Epoch(1), chunk));
    }

    private static Input.Received small() {
        return new Input.Received(new NodeId("a"), new Session(1), new Message.FollowAgain(new Epoch(1)));
    }

    private void runWorkers() {
        List<Runnable> due = List.copyOf(workers);
        workers.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void whatMayBeLostIsBoundedInBytesAndOneLargerIsTakenAlone() {
        assertThat(inbox.offer(part(50_000))).isTrue();
        assertThat(inbox.offer(small())).isFalse();
        inbox.put(new Input.Drained());
        runWorkers();
        assertThat(drained).hasSize(2);
        assertThat(inbox.offer(part(6_000))).isTrue();
        assertThat(inbox.offer(part(6_000))).isFalse();
        assertThat(inbox.offer(small())).isTrue();
    }

    @Test
    void whatMayBeLostIsBoundedInNumberToo() {
        int taken = 0;
        ShellInbox large = new ShellInbox(10, Long.MAX_VALUE, workers::add, all -> {});
        for (int i = 0; i < 20; i++) {
            taken += large.offer(small()) ? 1 : 0;
        }
        assertThat(taken).isEqualTo(10);
    }

    @Test
    void oneWorkerAtATimeTakesAllAndLooksOnceMore() {
        List<Integer> batches = new ArrayList<>();
        ShellInbox[] self = new ShellInbox[1];
        self[0] = new ShellInbox(100, 10_000, workers::add, taken -> {
            batches.add(taken.size());
            if (batches.size() == 1) {
                self[0].put(new Input.Drained());
            }
        });
        self[0].put(new Input.Drained());
        self[0].put(new Input.Drained());
        assertThat(workers).hasSize(1);
        runWorkers();
        assertThat(batches).containsExactly(2, 1);
        self[0].wake();
        runWorkers();
        assertThat(batches).as("woken for nothing that waits here").containsExactly(2, 1, 0);
    }

    private static Input.Received another() {
        return new Input.Received(new NodeId("a"), new Session(1), new Message.FollowAgain(new Epoch(2)));
    }

    @Test
    void whoClaimsIsTheWorkerAndOneComesForWhatIsLeft() {
        Input.Received first = small();
        Input.Received second = another();
        assertThat(inbox.add(first)).isTrue();
        assertThat(inbox.add(second)).isTrue();
        assertThat(workers).as("nobody was asked for").isEmpty();
        assertThat(inbox.claim()).isTrue();
        assertThat(inbox.claim()).as("by another").isFalse();
        assertThat(inbox.pollIf(input -> input.equals(second)))
                .as("out of turn")
                .isNull();
        assertThat(inbox.pollIf(input -> input.equals(first))).isNotNull();
        inbox.wake();
        assertThat(workers).as("somebody is at it").isEmpty();
        inbox.settle(false);
        assertThat(workers).hasSize(1);
        runWorkers();
        assertThat(drained).containsExactly(second);
    }

    @Test
    void aClaimThatIsRefusedLeavesNothingBehind() {
        inbox.put(new Input.Drained());
        assertThat(inbox.add(small())).isTrue();
        assertThat(inbox.claim()).as("a worker is on its way").isFalse();
        runWorkers();
        assertThat(drained).hasSize(2);
        assertThat(inbox.claim()).isTrue();
        inbox.settle(false);
        assertThat(workers).as("nothing is left").isEmpty();
        assertThat(inbox.claim()).isTrue();
        inbox.settle(true);
        assertThat(workers).as("something is to be carried out").hasSize(1);
    }
}
