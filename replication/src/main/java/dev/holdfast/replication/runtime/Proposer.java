package dev.holdfast.replication.runtime;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.RowChange;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.ReplicaSettings;
import dev.holdfast.replication.protocol.RowProposal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a replica's proposals to the control plane, and what became of them back. */
final class Proposer {

    private static final Logger LOG = LoggerFactory.getLogger(Proposer.class);

    private final ReplicaShell shell;
    private final ShellContext context;

    /** A partition may have more than one shell in a process's life, one after the other. */
    private final UUID life = UUID.randomUUID();

    Proposer(ReplicaShell shell, ShellContext context) {
        this.shell = shell;
        this.context = context;
    }

    void propose(RowProposal proposal) {
        ReplicaSettings settings = context.settings();
        RowChange change = new RowChange(proposal.next(), settings.self(), settings.session(), proposal.sessions());
        int asked = shell.generation();
        var unused = context.control()
                .propose(new Proposal(id(proposal), new ClusterCommand.ChangeRow(change)))
                .whenComplete((outcome, failure) -> shell.later(answer(proposal, outcome), asked));
    }

    /** The same for a repetition, another for anything else in the cluster's life. */
    private CommandId id(RowProposal proposal) {
        return new CommandId(
                life + "/" + shell.generation() + "/" + proposal.id().value());
    }

    private Input answer(RowProposal proposal, @Nullable Outcome outcome) {
        if (outcome == null) {
            return new Input.ProposalIndeterminate(proposal.id());
        }
        if (outcome.applied()) {
            return new Input.ProposalConfirmed(proposal.id(), proposal.next());
        }
        if (outcome.verdict() == Outcome.Verdict.REFUSED) {
            LOG.warn(
                    ErrorCode.ROW_CHANGE_REFUSED.says("The control table refused a change: partition={}, why={}"),
                    context.partition(),
                    outcome.message());
        }
        PartitionRow row = context.control().state().row(context.partition());
        return row == null
                ? new Input.ProposalIndeterminate(proposal.id())
                : new Input.ProposalConflict(proposal.id(), row);
    }
}
