package dev.holdfast.replication.control;

/** What a node does next to get into a cluster. */
public sealed interface BootstrapDecision {

    /** Hands this decision to the method for its type: a new type breaks every handler's compilation. */
    <R> R dispatchTo(Handler<R> handler);

    /** Goes on in the cluster that its directory belongs to. */
    record Resume(Founding founding) implements BootstrapDecision {
        @Override
        public <R> R dispatchTo(Handler<R> handler) {
            return handler.resume(this);
        }
    }

    /**
     * Makes the cluster: forces the founding to its own disk, then says it to whoever asks, starts the control plane with the
     * founding group and proposes it.
     */
    record Make(Founding founding) implements BootstrapDecision {
        @Override
        public <R> R dispatchTo(Handler<R> handler) {
            return handler.make(this);
        }
    }

    /** Is one of the founding voters: forces the founding, and starts the control plane with the founding group. */
    record StartAsFounder(Founding founding) implements BootstrapDecision {
        @Override
        public <R> R dispatchTo(Handler<R> handler) {
            return handler.startAsFounder(this);
        }
    }

    /** The cluster is there: joins it, without a group of its own. */
    record Join(Founding founding) implements BootstrapDecision {
        @Override
        public <R> R dispatchTo(Handler<R> handler) {
            return handler.join(this);
        }
    }

    /** Not yet; {@code reason} is said to people, and the question is asked again a little later. */
    record Wait(String reason) implements BootstrapDecision {
        @Override
        public <R> R dispatchTo(Handler<R> handler) {
            return handler.await(this);
        }
    }

    /** Somebody has to change something: the node does not start. */
    record Refuse(String reason) implements BootstrapDecision {
        @Override
        public <R> R dispatchTo(Handler<R> handler) {
            return handler.refuse(this);
        }
    }

    /** One method for each type. */
    interface Handler<R> {

        R resume(Resume decision);

        R make(Make decision);

        R startAsFounder(StartAsFounder decision);

        R join(Join decision);

        R await(Wait decision);

        R refuse(Refuse decision);
    }
}
