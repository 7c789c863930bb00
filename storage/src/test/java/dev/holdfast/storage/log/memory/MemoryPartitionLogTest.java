package dev.holdfast.storage.log.memory;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.LogRig;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLogContract;
import java.util.List;

class MemoryPartitionLogTest extends ReplicatedLogContract {

    @Override
    protected LogRig newRig(String name, SyncPolicy sync) {
        return new MemoryRig(new MemoryMedium(PARTITION, sync, SEGMENT_BYTES, INLINE_LIMIT));
    }

    private record MemoryRig(MemoryMedium medium) implements LogRig {
        @Override
        public RecoveredLog open(ReplayHandler handler) {
            return medium.open(handler);
        }

        @Override
        public void kill() {
            medium.kill();
        }

        @Override
        public void loseTrustInPageCache() {
            medium.loseTrustInPageCache();
        }

        @Override
        public List<Long> segments() {
            return medium.segments();
        }

        @Override
        public List<Long> checkpoints() {
            return medium.checkpoints();
        }

        @Override
        public byte[] segmentContent(long number) {
            return medium.segmentContent(number);
        }

        @Override
        public void replaceSegment(long number, byte[] content) {
            medium.replaceSegment(number, content);
        }

        @Override
        public byte[] checkpointContent(long number) {
            return medium.checkpointContent(number);
        }

        @Override
        public void replaceCheckpoint(long number, byte[] content) {
            medium.replaceCheckpoint(number, content);
        }

        @Override
        public void close() {
            medium.kill();
        }
    }
}
