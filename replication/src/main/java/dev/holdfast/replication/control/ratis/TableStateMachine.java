package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ClusterTable;
import dev.holdfast.replication.control.CommandCodec;
import dev.holdfast.replication.control.ControlFormatException;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.OutcomeCodec;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.directory.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the log into a {@link ClusterTable}. A command that this version does not know is never passed over: applying it
 * fails, and Ratis stops the server, for this member's table would be another than the others'.
 *
 * <p>Called by the applying thread of Ratis, one call at a time, but for {@link #startTransaction} and {@link #pause}.
 */
final class TableStateMachine extends BaseStateMachine {

    private static final Logger LOGGER = LoggerFactory.getLogger(TableStateMachine.class);

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final ClusterTable table = new ClusterTable();
    private final AppliedStates applied;
    private final Consumer<NodeId> onLeader;
    private final Consumer<Throwable> onLogFailed;

    /**
     * @param onLeader is told of each new leader, under a lock of Ratis, so that it must not block
     * @param onLogFailed is told that the log could not be written or forced, by its only writer; maybe again and again
     */
    TableStateMachine(AppliedStates applied, Consumer<NodeId> onLeader, Consumer<Throwable> onLogFailed) {
        this.applied = applied;
        this.onLeader = onLeader;
        this.onLogFailed = onLogFailed;
    }

    /** Ratis writes nothing more then, but goes on as a server: as a leader too, that commits by what the others have. */
    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failed) {
        onLogFailed.accept(cause);
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId self, @Nullable RaftPeerId leader) {
        if (leader != null) {
            onLeader.accept(RaftPeers.node(leader));
        }
    }

    @Override
    public void initialize(RaftServer raftServer, RaftGroupId raftGroupId, RaftStorage raftStorage) throws IOException {
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            super.initialize(raftServer, raftGroupId, raftStorage);
                            storage.init(raftStorage);
                            load(storage.loadLatestSnapshot());
                        },
                        IOException.class);
    }

    /** Another member's snapshot is about to be put in the place of the table. */
    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        load(storage.loadLatestSnapshot());
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    private void load(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
        if (snapshot == null) {
            return;
        }
        Path file = snapshot.getFile().getPath();
        try {
            table.install(Files.readAllBytes(file));
        } catch (ControlFormatException e) {
            throw new IOException(
                    "Can not read the snapshot of the control plane: file=" + file + "; move the control plane's "
                            + "directory of this node away, and it will be sent one by the other members",
                    e);
        }
        setLastAppliedTermIndex(snapshot.getTermIndex());
        applied.publish(table.state());
    }

    @Override
    public SimpleStateMachineStorage getStateMachineStorage() {
        return storage;
    }

    /** What could not be applied does not get into the log. */
    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext transaction = super.startTransaction(request);
        try {
            CommandCodec.decode(request.getMessage().getContent().toByteArray());
        } catch (ControlFormatException e) {
            transaction.setException(e);
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        byte[] command = entry.getStateMachineLogEntry().getLogData().toByteArray();
        Proposal proposal = CommandCodec.decode(command);
        Outcome outcome = table.apply(proposal);
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        applied.publish(table.state());
        byte[] answer = OutcomeCodec.encode(outcome);
        return CompletableFuture.completedFuture(Message.valueOf(UnsafeByteOperations.unsafeWrap(answer)));
    }

    /** The file is on the medium before the log before it goes. */
    @Override
    public long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        Path file = storage.getSnapshotFile(last.getTerm(), last.getIndex()).toPath();
        DurableFiles.replace(file, ByteBuffer.wrap(table.snapshot()));
        MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), last));
        LOGGER.debug(
                "Took a snapshot of the control plane: file={}, revision={}",
                file,
                table.state().revision());
        return last.getIndex();
    }
}
