package dev.holdfast.replication.protocol;

/** A replica that does not lead: it keeps its log equal to the primary's, and proposes itself when there is none. */
final class Backup implements Role {

    private final Election election;
    private final Following following;

    Backup(ReplicaState state) {
        election = new Election(state);
        following = new Following(state, election);
    }

    /** The epoch, or who leads it, is another. */
    void follow() {
        election.restart();
        following.restart();
    }

    /** How it came that {@code row} names this replica as its primary. */
    TakeOver takeOver(PartitionRow row) {
        return election.takeOver(row);
    }

    @Override
    public void received(NodeId from, Session session, Message message) {
        if (message instanceof Message.SuspectEnd suspect) {
            election.suspect(from, suspect);
        } else {
            if (message instanceof Message.OfPrimary) {
                election.heardLeader(session);
            }
            message.dispatchTo(following);
        }
    }

    @Override
    public void tick() {
        following.tick();
        election.tick();
    }

    @Override
    public void appended(Run run) {
        following.appended();
        election.tick();
    }

    @Override
    public void refused() {
        following.refused();
    }

    @Override
    public void forced() {
        following.forced();
        election.tick();
    }

    @Override
    public void logSettled() {
        following.logSettled();
    }

    @Override
    public void rowChanged() {
        following.tick();
        election.tick();
    }

    @Override
    public void checkpointStored(CheckpointPlace next) {
        following.checkpointStored(next);
    }

    @Override
    public void peerRestarted(NodeId node, Session session) {
        election.peerRestarted(node, session);
    }

    @Override
    public void peerGone(NodeId node, Session session) {
        election.peerGone(node, session);
        election.tick();
    }

    @Override
    public void clockJumped() {
        election.heardBeacon();
    }
}
