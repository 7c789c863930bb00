package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Leader;
import dev.holdfast.replication.protocol.Refusal;
import java.util.Optional;

/** Records were not appended: nothing of them is in any log, and they may be decided again, here or at another node. */
public final class RunRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Refusal why;
    private final transient Optional<Leader> leader;

    RunRefusedException(Refusal why, Optional<Leader> leader) {
        super("Nothing was appended: reason=" + why + ", leader="
                + leader.map(Leader::toString).orElse("unknown"));
        this.why = why;
        this.leader = leader;
    }

    public Refusal why() {
        return why;
    }

    /** Where to go instead, if this replica knows. */
    public Optional<Leader> leader() {
        return leader;
    }
}
