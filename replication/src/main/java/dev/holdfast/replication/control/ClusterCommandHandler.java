package dev.holdfast.replication.control;

/** One method for each type of {@link ClusterCommand}; see {@link ClusterCommand#dispatchTo}. */
public interface ClusterCommandHandler<R> {

    R found(ClusterCommand.Found command);

    R join(ClusterCommand.Join command);

    R claimSession(ClusterCommand.ClaimSession command);

    R claimStale(ClusterCommand.ClaimStale command);

    R leave(ClusterCommand.Leave command);

    R remove(ClusterCommand.Remove command);

    R changeRole(ClusterCommand.ChangeRole command);

    R report(ClusterCommand.Report command);

    R changeRow(ClusterCommand.ChangeRow command);

    R placeReplicas(ClusterCommand.PlaceReplicas command);

    R registerExecutor(ClusterCommand.RegisterExecutor command);

    R setMinInSync(ClusterCommand.SetMinInSync command);

    R recover(ClusterCommand.Recover command);
}
