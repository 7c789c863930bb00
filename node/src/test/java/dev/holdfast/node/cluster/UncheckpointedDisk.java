package dev.holdfast.node.cluster;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.replication.runtime.EpochStore;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A disk that always is due for a checkpoint, and has room for none. */
final class UncheckpointedDisk implements HostDisk {

    final AtomicInteger attempts = new AtomicInteger();
    private final InMemory disk = HostDisk.memory(SyncPolicy.OS);

    @Override
    public RecoveredLog open(PartitionId id, ReplayHandler handler) {
        RecoveredLog opened = disk.open(id, handler);
        ReplicatedLog log = opened.replicated();
        ReplicatedLog full = (ReplicatedLog) Proxy.newProxyInstance(
                ReplicatedLog.class.getClassLoader(),
                new Class<?>[] {ReplicatedLog.class},
                (proxy, method, arguments) -> answer(log, method, arguments));
        return new RecoveredLog(
                full,
                opened.sequences(),
                opened.nextSequence(),
                opened.lost(),
                opened.crashed(),
                opened.setAside(),
                opened.recordsReplayed());
    }

    private @Nullable Object answer(ReplicatedLog log, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("checkpointDue")) {
            return true;
        }
        if (method.getName().equals("checkpoint")) {
            attempts.incrementAndGet();
            throw new LogFullException("The test's disk has no room for a checkpoint");
        }
        try {
            return method.invoke(log, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public Path setAside(PartitionId id) {
        return disk.setAside(id);
    }

    @Override
    public EpochStore epochs() {
        return disk.epochs();
    }

    @Override
    public void kill() {
        disk.kill();
    }
}
