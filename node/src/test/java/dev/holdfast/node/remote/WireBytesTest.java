package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Execution.Running;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.node.partition.PartitionAccess.TaskStatus;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SnapshotItem.Counters;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WireBytesTest {

    private static final PartitionId PARTITION = new PartitionId(513);
    private static final RequestId REQUEST = new RequestId(new UUID(1, 2), 9, 5);
    private static final TaskSpec FULL_SPEC =
            new TaskSpec("java", "com.acme.Job", "print", "label", "kéy", "idem", 3, 60_000, true);
    private static final TaskSpec BARE_SPEC =
            new TaskSpec("java", "com.acme.Job", null, null, null, null, 1, TaskSpec.NO_TTL, false);

    private static final List<Command> COMMANDS = List.of(
            new Command.Submit("jobs", FULL_SPEC, new Body.Inline(new byte[] {1, 2, 3})),
            new Command.Submit("jobs", BARE_SPEC, new Body.Inline(new byte[0])),
            new Command.Cancel("jobs", 1),
            new Command.Dispose("jobs", 2),
            new Command.RetrieveAndDispose("jobs", 3),
            new Command.Retry("jobs", 4, null, false),
            new Command.Retry("jobs", 5, "accepted", true),
            new Command.Discard("jobs", 6),
            new Command.Operate("jobs", Operation.DESTROY, 77));

    private static RemoteEntry entry(State state, @Nullable Body payload, @Nullable Body result) {
        return new RemoteEntry(
                42,
                "jobs",
                FULL_SPEC,
                state,
                payload,
                2,
                1,
                10,
                20,
                30,
                state == State.PARKED ? "class missing" : null,
                result == null ? null : "java",
                state == State.FAILED ? new FailureInfo("x.Y", null) : null,
                result,
                true,
                false,
                true);
    }

    private static byte[] bytes(WireWriter out) {
        ByteBuffer target = ByteBuffer.allocate(out.body().sizeBytes());
        out.body().writeTo(target);
        return target.array();
    }

    private static <T> T read(byte[] bytes, Function<WireReader, T> reading) {
        return WireReader.read(ByteBuffer.wrap(bytes), reading);
    }

    private static byte[] call(Command command) {
        return bytes(CommandCodec.write(new CommandCodec.Call(PARTITION, REQUEST, command)));
    }

    private static byte[] reply(Reply reply, byte @Nullable [] result) {
        WireWriter out = new WireWriter();
        ReplyCodec.write(out, reply, result);
        return bytes(out);
    }

    @Test
    void everyCommandOfACallerArrivesAsItWasSent() {
        for (Command command : COMMANDS) {
            CommandCodec.Call call = read(call(command), CommandCodec::read);
            assertThat(call.partition()).isEqualTo(PARTITION);
            assertThat(call.request()).isEqualTo(REQUEST);
            if (command instanceof Command.Submit submit) {
                Command.Submit arrived = (Command.Submit) call.command();
                assertThat(arrived.spec()).isEqualTo(submit.spec());
                assertThat(((Body.Inline) arrived.payload()).bytes())
                        .isEqualTo(((Body.Inline) submit.payload()).bytes());
            } else {
                assertThat(call.command()).isEqualTo(command);
            }
            assertThat(CommandCodec.executor(command)).isEqualTo("jobs");
        }
    }

    @Test
    void theNameOfACallMeetsItsCommand() {
        Command.Cancel named = (Command.Cancel) Identified.command(new Command.Cancel("jobs", 1), REQUEST);
        assertThat(named.request()).isEqualTo(REQUEST);
        Command operate = new Command.Operate("jobs", Operation.PAUSE, 8);
        assertThat(Identified.command(operate, REQUEST)).isSameAs(operate);
    }

    @Test
    void commandsOfAttemptsAreNotSent() {
        assertThatThrownBy(() -> call(new Command.Abandon(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Abandon");
    }

    @Test
    void everyReplyArrivesAsItWasSent() {
        List<Reply> replies = new ArrayList<>(List.of(
                new Reply.Stored(5, true),
                new Reply.Done(true),
                new Reply.NotEnded(),
                new Reply.Unanswered("why"),
                new Reply.Elsewhere(true),
                new Reply.MayStart(4),
                new Reply.Dropped(),
                new Reply.Taken()));
        Arrays.stream(Reply.Refusal.values())
                .forEach(refusal -> replies.add(new Reply.Refused(refusal, "because of " + refusal)));
        Arrays.stream(Reply.Staleness.values()).forEach(why -> replies.add(new Reply.Stale(why)));
        for (Reply reply : replies) {
            assertThat(read(reply(reply, null), ReplyCodec::read)).isEqualTo(reply);
        }
    }

    @Test
    void ofAnEndedTaskTheResultGoesAlongAndThePayloadStays() {
        byte[] result = {4, 5};
        TaskEntry sent = entry(State.FAILED, new Body.Stored(new Lsn(3), 4711, 9), new Body.Stored(new Lsn(4), 2, 8));
        Reply.Ended ended = (Reply.Ended) read(reply(new Reply.Ended(sent), result), ReplyCodec::read);
        TaskEntry arrived = ended.outcome();
        assertThat(arrived.result())
                .isInstanceOfSatisfying(
                        Body.Inline.class, inline -> assertThat(inline.bytes()).isEqualTo(result));
        assertThat(arrived.payload()).isEqualTo(new Body.Elsewhere(4711));
        assertThat(arrived).isEqualTo(entry(State.FAILED, arrived.payload(), arrived.result()));
    }

    @Test
    void entriesArriveWithTheLengthsOfTheirBodiesOnly() {
        for (State state : State.values()) {
            RemoteEntry sent = entry(state, null, new Body.Inline(new byte[7]));
            WireWriter out = new WireWriter();
            Running running = new Running(TaskId.of(PARTITION, 42), 3, 99);
            EntryCodec.writeStatus(out, new TaskStatus(sent, state == State.UNFINISHED ? running : null));
            TaskStatus arrived = read(bytes(out), EntryCodec::readStatus);
            assertThat(arrived.entry()).isEqualTo(entry(state, null, new Body.Elsewhere(7)));
            assertThat(arrived.running()).isEqualTo(state == State.UNFINISHED ? running : null);
        }
    }

    @Test
    void viewsQueriesAndTablesArriveAsTheyWereSent() {
        ExecutorView view = new ExecutorView("jobs", 17, true, false, 3, 4, 5, new Counters(1, 2, 3, 4, 5, 6, 7, 8));
        WireWriter out = new WireWriter();
        EntryCodec.writeView(out, view);
        assertThat(read(bytes(out), EntryCodec::readView)).isEqualTo(view);

        for (Query.Type type : Query.Type.values()) {
            Query query = new Query(type, PARTITION, "jobs", 3, type == Query.Type.BODY ? Part.RESULT : null);
            assertThat(read(bytes(query.write()), Query::read)).isEqualTo(query);
        }
        AwaitRequest await = new AwaitRequest(PARTITION, 12, "jobs", 3, true, 500);
        assertThat(read(bytes(await.write()), AwaitRequest::read)).isEqualTo(await);
        assertThat(read(bytes(new TableRequest(-1, 10).write()), TableRequest::read))
                .isEqualTo(new TableRequest(-1, 10));

        PartitionTable table = new PartitionTable(
                8,
                "dev",
                List.of(new PartitionTable.Node(new NodeId("disk"), "a", new PeerAddress("::1", 5710))),
                List.of("disk", ""));
        WireWriter written = new WireWriter();
        PartitionTable.write(written, table);
        assertThat(read(bytes(written), PartitionTable::read)).isEqualTo(table);
        assertThat(table.leader(new PartitionId(0))).contains(new NodeId("disk"));
        assertThat(table.leader(new PartitionId(1))).isEmpty();
        assertThat(table.leader(new PartitionId(2))).isEmpty();
    }

    @Test
    void aQueryWithoutItsPartsIsNotUnderstood() {
        for (Query query : List.of(
                new Query(Query.Type.BODY, PARTITION, null, 3, null),
                new Query(Query.Type.STATUS, PARTITION, null, 3, Part.RESULT),
                new Query(Query.Type.EXECUTOR, PARTITION, null, 0, null))) {
            assertThatThrownBy(() -> read(bytes(query.write()), Query::read))
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void answersSayWhetherTheQuestionWasTakenUp() {
        NotHere said = new NotHere(4, Optional.of(new NodeId("disk")));
        assertThat(answer(Answer.notHere(said))).isEqualTo(new Answer.Elsewhere<Integer>(said));
        assertThat(answer(Answer.refuses(Reply.Refusal.BUSY, "full")))
                .isEqualTo(new Answer.Refuses<Integer>(Reply.Refusal.BUSY, "full"));
        assertThat(answer(Answer.malformed("what"))).isEqualTo(new Answer.NotUnderstood<Integer>("what"));
        assertThat(answer(Answer.here(0, out -> out.i32(5)))).isEqualTo(new Answer.Here<>(5));
    }

    private static Answer<Integer> answer(dev.holdfast.replication.transport.Body body) {
        ByteBuffer bytes = ByteBuffer.allocate(body.sizeBytes());
        body.writeTo(bytes);
        return Answer.read(bytes.flip(), WireReader::i32);
    }

    /** The bytes of one call, as docs/wire-protocol.md has them. */
    @Test
    void theBytesOfACallAreThoseOfTheDocument() {
        assertThat(call(new Command.Cancel("jobs", 1)))
                .containsExactly(
                        1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0,
                        0, 0, 5, 2, 0, 0, 0, 4, 'j', 'o', 'b', 's', 0, 0, 0, 0, 0, 0, 0, 1);
    }

    @Test
    void whatIsCutShortOrGoesOnIsNotUnderstood() {
        for (Command command : COMMANDS) {
            byte[] whole = call(command);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> read(cut, CommandCodec::read)).isInstanceOf(MalformedMessageException.class);
            }
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            assertThatThrownBy(() -> read(longer, CommandCodec::read))
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining("behind the end");
        }
    }

    @Test
    void aLengthThatDoesNotFitIsNotBelieved() {
        byte[] huge = bytes(new WireWriter().i32(Integer.MAX_VALUE));
        assertThatThrownBy(() -> read(huge, WireReader::requiredText))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("length=2147483647");
        assertThatThrownBy(() -> read(huge, in -> in.list(WireReader::i64)))
                .isInstanceOf(MalformedMessageException.class);
        byte[] negative = bytes(new WireWriter().i32(-2));
        assertThatThrownBy(() -> read(negative, WireReader::bytes)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void anotherLayoutSaysSo() {
        byte[] call = call(COMMANDS.get(2));
        call[0] = 2;
        assertThatThrownBy(() -> read(call, CommandCodec::read))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("layout=2");
    }

    @Test
    void hostileBytesAreUnderstoodOrRefusedAndNothingElse() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = call(COMMANDS.get(random.nextInt(COMMANDS.size())));
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            for (Function<WireReader, Object> reading : List.<Function<WireReader, Object>>of(
                    CommandCodec::read, ReplyCodec::read, EntryCodec::readStatus, PartitionTable::read, Query::read)) {
                try {
                    Object unused = read(bytes, reading);
                } catch (MalformedMessageException e) {
                    refused++;
                } catch (RuntimeException e) {
                    throw new AssertionError("seed=" + seed + ", round=" + round, e);
                }
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }
}
