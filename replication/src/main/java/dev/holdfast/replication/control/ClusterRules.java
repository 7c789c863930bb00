package dev.holdfast.replication.control;

/** Hands each command to the rules for its kind; before the founding there is one command only. */
final class ClusterRules implements ClusterCommandHandler<Outcome> {

    private final ClusterDraft draft;

    ClusterRules(ClusterDraft draft) {
        this.draft = draft;
    }

    private interface Rule {
        Outcome decide();
    }

    private Outcome onceFounded(Rule rule) {
        return draft.before().founding().isEmpty()
                ? draft.refused("The cluster is not founded yet; its voters do that once all of them answer")
                : rule.decide();
    }

    @Override
    public Outcome found(ClusterCommand.Found command) {
        return MemberRules.found(draft, command);
    }

    @Override
    public Outcome join(ClusterCommand.Join command) {
        return onceFounded(() -> MemberRules.join(draft, command));
    }

    @Override
    public Outcome claimSession(ClusterCommand.ClaimSession command) {
        return onceFounded(() -> SessionRules.claim(draft, command));
    }

    @Override
    public Outcome claimStale(ClusterCommand.ClaimStale command) {
        return onceFounded(() -> SessionRules.claimStale(draft, command));
    }

    @Override
    public Outcome leave(ClusterCommand.Leave command) {
        return onceFounded(() -> MemberRules.leave(draft, command));
    }

    @Override
    public Outcome remove(ClusterCommand.Remove command) {
        return onceFounded(() -> MemberRules.remove(draft, command));
    }

    @Override
    public Outcome changeRole(ClusterCommand.ChangeRole command) {
        return onceFounded(() -> MemberRules.changeRole(draft, command));
    }

    @Override
    public Outcome report(ClusterCommand.Report command) {
        return onceFounded(() -> MemberRules.report(draft, command));
    }

    @Override
    public Outcome changeRow(ClusterCommand.ChangeRow command) {
        return onceFounded(() -> RowRules.change(draft, command.change()));
    }

    @Override
    public Outcome placeReplicas(ClusterCommand.PlaceReplicas command) {
        return onceFounded(() -> PlacementRules.place(draft, command));
    }

    @Override
    public Outcome registerExecutor(ClusterCommand.RegisterExecutor command) {
        return onceFounded(() -> ExecutorRules.register(draft, command));
    }

    @Override
    public Outcome setMinInSync(ClusterCommand.SetMinInSync command) {
        return onceFounded(() -> RowRules.setMinInSync(draft, command));
    }

    @Override
    public Outcome recover(ClusterCommand.Recover command) {
        return onceFounded(() -> RowRules.recover(draft, command));
    }
}
