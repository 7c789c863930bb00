package dev.holdfast.node.remote;

import dev.holdfast.replication.transport.Backoff;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.storage.log.PartitionId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's partition table: asks a member, which answers as soon as its table changes; one that has no news for a while, or does
 * not answer, is followed by the next. So a member that stands still, or is cut off from the others, keeps no client from what those
 * know for longer than that. Asks over connections of its own, so that no news waits behind the answers to calls. Thread-safe; has
 * no thread of its own.
 */
public final class TableKeeper implements Owners, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableKeeper.class);

    /** For how long one member is waited for. */
    private static final int WAIT_MILLIS = 2_000;

    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1));

    private final Transport transport;
    private final ScheduledExecutorService timer;
    private final String cluster;
    private final List<Peer> seeds;
    private final List<Consumer<PartitionId>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<PartitionTable> first = new CompletableFuture<>();

    private volatile View view;
    private volatile String problem = "nobody was asked yet";
    private volatile boolean closed;

    // Of the one request that is under way; told one after the other.
    private int turn;
    private int failures;

    /** A table, and what it says of each partition. */
    private record View(@Nullable PartitionTable table, List<Owner> owners) {

        long version() {
            return table == null ? -1 : table.version();
        }
    }

    /**
     * @param cluster name of the cluster; members of another are not listened to
     * @param members {@code host:port}, to be asked first
     */
    public TableKeeper(Transport transport, ScheduledExecutorService timer, String cluster, List<String> members) {
        this.transport = transport;
        this.timer = timer;
        this.cluster = cluster;
        this.seeds = members.stream()
                .map(member -> Peer.at(PeerAddress.parse(member), Role.TABLE))
                .toList();
        this.view = new View(null, List.of());
    }

    /**
     * Begins to ask.
     *
     * @return completed with the first table
     */
    public CompletableFuture<PartitionTable> start() {
        ask();
        return first;
    }

    /** The newest table; empty before the first. */
    public Optional<PartitionTable> table() {
        return Optional.ofNullable(view.table());
    }

    /** Why there is no table, or no newer one, for messages. */
    public String problem() {
        return problem;
    }

    @Override
    public int copies(PartitionId partition) {
        return table().filter(now -> partition.value() < now.copies().size())
                .map(now -> now.copies().get(partition.value()))
                .orElse(0);
    }

    @Override
    public Owner of(PartitionId partition) {
        List<Owner> owners = view.owners();
        return partition.value() < owners.size()
                ? owners.get(partition.value())
                : new Owner.None("the partition table is not known: " + problem);
    }

    @Override
    public void onChange(Consumer<PartitionId> listener) {
        listeners.add(listener);
    }

    /** Believes it until the next table comes, unless the table that is here is newer. */
    @Override
    public void notHere(PartitionId partition, NotHere said) {
        Owner better;
        synchronized (this) {
            View now = view;
            PartitionTable table = now.table();
            if (table == null || said.tableVersion() < table.version()) {
                return;
            }
            better =
                    said.leader().flatMap(table::member).map(TableKeeper::owner).orElse(null);
            if (better == null || partition.value() >= now.owners().size()) {
                return;
            }
            if (better.equals(now.owners().get(partition.value()))) {
                return;
            }
            List<Owner> owners = new ArrayList<>(now.owners());
            owners.set(partition.value(), better);
            view = new View(table, List.copyOf(owners));
        }
        listeners.forEach(listener -> listener.accept(partition));
    }

    private static Owner owner(PartitionTable.Node member) {
        return new Owner.Remote(peer(member, Role.CLIENT), member.name());
    }

    private static Peer peer(PartitionTable.Node member, Role role) {
        return Peer.of(member.id(), member.address(), role);
    }

    /** None of no table. */
    private static Set<Peer> peers(@Nullable PartitionTable table) {
        Set<Peer> peers = new HashSet<>();
        if (table != null) {
            for (PartitionTable.Node member : table.members()) {
                peers.add(peer(member, Role.CLIENT));
                peers.add(peer(member, Role.TABLE));
            }
        }
        return peers;
    }

    // ---- asking

    private void ask() {
        if (closed) {
            return;
        }
        List<Peer> candidates = candidates();
        Peer peer = candidates.get(turn % candidates.size());
        int waitMillis = view.table() == null ? 0 : WAIT_MILLIS;
        Body body = new TableRequest(view.version(), waitMillis).write().body();
        var unused = transport
                .request(peer, Kinds.TABLE, body, GRACE.plusMillis(waitMillis))
                .whenComplete((bytes, failure) -> Delivery.run(() -> answered(peer, bytes, failure)));
    }

    /** Members that are known; those that were configured as well, while none of the others answers. */
    private List<Peer> candidates() {
        List<Peer> candidates = new ArrayList<>();
        PartitionTable table = view.table();
        if (table != null) {
            table.members().forEach(member -> candidates.add(peer(member, Role.TABLE)));
        }
        if (failures >= candidates.size()) {
            candidates.addAll(seeds);
        }
        return candidates;
    }

    private void answered(Peer peer, @Nullable ByteBuffer bytes, @Nullable Throwable failure) {
        long before = view.version();
        String why = failure == null ? take(Objects.requireNonNull(bytes)) : String.valueOf(failure.getMessage());
        if (why == null && view.version() > before) {
            failures = 0;
            ask(); // it knows more than others did: it may know the next thing first
            return;
        }
        turn = (turn + 1) % candidates().size();
        if (why == null) {
            failures = 0;
            ask();
            return;
        }
        problem = "member=" + peer.address() + ", " + why;
        LOG.debug("No partition table: {}", problem);
        int round = ++failures / candidates().size();
        Duration pause = BACKOFF.before(round, () -> ThreadLocalRandom.current().nextLong());
        try {
            var unused = timer.schedule(this::ask, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Not asked again, the client is closed");
        }
    }

    /** Null if it is good. */
    private @Nullable String take(ByteBuffer bytes) {
        Answer<PartitionTable> answer;
        try {
            answer = Answer.read(bytes, PartitionTable::read);
        } catch (MalformedMessageException e) {
            return String.valueOf(e.getMessage());
        }
        if (!(answer instanceof Answer.Here<PartitionTable> here)) {
            return "it did not answer with a table: " + answer;
        }
        PartitionTable table = here.content();
        if (!table.cluster().equals(cluster)) {
            return "it is in another cluster: cluster-name=" + table.cluster() + ", configured=" + cluster;
        }
        if (table.leaders().isEmpty()) {
            return "it does not know its cluster yet";
        }
        install(table);
        return null;
    }

    private void install(PartitionTable table) {
        List<PartitionId> changed = new ArrayList<>();
        Set<Peer> left;
        synchronized (this) {
            View before = view;
            if (table.version() < before.version()) {
                return;
            }
            left = peers(before.table());
            left.removeAll(peers(table));
            List<Owner> owners = new ArrayList<>();
            for (int i = 0; i < table.leaders().size(); i++) {
                PartitionId partition = new PartitionId(i);
                Owner owner = table.leader(partition)
                        .flatMap(table::member)
                        .map(TableKeeper::owner)
                        .orElseGet(() -> new Owner.None("nobody leads it: partition=" + partition));
                owners.add(owner);
                if (i >= before.owners().size() || !owner.equals(before.owners().get(i))) {
                    changed.add(partition);
                }
            }
            view = new View(table, List.copyOf(owners));
        }
        left.forEach(transport::disconnect); // or it would be dialled for ever
        first.complete(table);
        changed.forEach(partition -> listeners.forEach(listener -> listener.accept(partition)));
    }

    @Override
    public void close() {
        closed = true;
    }
}
