package dev.holdfast.node.cluster.membership;

import dev.holdfast.config.ErrorCode;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what a start waits for: when that changes, and once in a while. One thread. */
final class WaitLog {

    private static final Logger LOG = LoggerFactory.getLogger(WaitLog.class);

    private final String name;
    private final Duration again;
    private String last = "";
    private long saidAtNanos;

    WaitLog(String name, Duration again) {
        this.name = name;
        this.again = again;
    }

    /** It is waited for this, as of {@code nowNanos}. */
    void waits(String reason, long nowNanos) {
        if (!reason.equals(last)) {
            last = reason;
            saidAtNanos = nowNanos;
            LOG.info("Not a member yet: node={}: {}", name, reason);
        } else if (nowNanos - saidAtNanos >= again.toNanos()) {
            saidAtNanos = nowNanos;
            LOG.warn(
                    ErrorCode.NOT_A_MEMBER_YET.says("The node still waits to become a member: node={}: {}"),
                    name,
                    reason);
        }
    }
}
