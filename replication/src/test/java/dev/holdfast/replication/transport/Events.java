package dev.holdfast.replication.transport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a transport told its listener, in words, and the callers it accepted. Any thread. */
public final class Events implements ConnectionListener {

    public final List<String> all = new CopyOnWriteArrayList<>();
    public final List<Caller> callers = new CopyOnWriteArrayList<>();
    public final List<Refusal> refusals = new CopyOnWriteArrayList<>();

    /** How many events begin with {@code prefix}. */
    public long count(String prefix) {
        return all.stream().filter(event -> event.startsWith(prefix)).count();
    }

    @Override
    public void connected(Peer peer, Identity remote) {
        all.add("connected " + remote.name() + " session=" + remote.session());
    }

    @Override
    public void lost(Peer peer, Identity remote, String reason) {
        all.add("lost " + remote.name() + " session=" + remote.session() + " " + reason);
    }

    @Override
    public void gone(Peer peer, Identity last) {
        all.add("gone " + last.name() + " session=" + last.session());
    }

    @Override
    public void unreachable(Peer peer, String reason) {
        all.add("unreachable " + reason);
    }

    @Override
    public void refused(Peer peer, Refusal refusal) {
        refusals.add(refusal);
        all.add("refused " + refusal.code());
    }

    @Override
    public void newerSession(Identity known, Identity seen) {
        all.add("newer " + seen.name() + " " + known.session() + "->" + seen.session());
    }

    @Override
    public void writable(Peer peer, MessageKind kind) {
        all.add("writable " + kind.name());
    }

    @Override
    public void accepted(Caller caller) {
        callers.add(caller);
        all.add("accepted " + caller.identity().name());
    }

    @Override
    public void ended(Caller caller) {
        all.add("ended " + caller.identity().name());
    }
}
