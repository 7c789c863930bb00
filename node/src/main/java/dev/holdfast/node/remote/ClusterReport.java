package dev.holdfast.node.remote;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as one of its nodes sees it, for people: members, who holds which partition, and what is missing. Its bytes are spoken over
 * the network and on {@code admin.sock}. Nodes are named by their disk ids.
 *
 * @param clusterName {@code cluster-name}
 * @param cluster UUID of the cluster; empty of a node alone
 * @param node the one that tells
 * @param leader who leads the control plane; null where that is not known, or there is none
 * @param minInSync copies below which a partition commits nothing
 * @param copiesWanted that each partition should have, with the members there are
 * @param partitions in the order of their numbers
 * @param executors names that are registered, or used in partitions that the node leads
 */
public record ClusterReport(
        String clusterName,
        String cluster,
        String node,
        @Nullable String leader,
        int minInSync,
        int copiesWanted,
        List<Node> members,
        List<Copies> partitions,
        List<String> executors) {

    public ClusterReport {
        members = List.copyOf(members);
        partitions = List.copyOf(partitions);
        executors = List.copyOf(executors);
    }

    /**
     * A member.
     *
     * @param address host and port; empty where no port is open
     * @param votes whether it votes in the control plane
     * @param holdsReplicas false of a witness
     * @param zone empty if nobody said
     * @param session how often it has started on its directory
     * @param present whether it is seen
     * @param sinceMillis since when it is, or is not, seen; milliseconds since 1970 UTC, 0: not known
     * @param leaving whether it hands over what it holds, to go
     * @param problem why it has stopped though its process goes on; null where it has not, or that is not known
     */
    public record Node(
            String id,
            String name,
            String address,
            boolean votes,
            boolean holdsReplicas,
            String zone,
            long session,
            boolean present,
            long sinceMillis,
            boolean leaving,
            @Nullable String problem) {}

    /**
     * The copies of one partition.
     *
     * @param primary who may append; empty: nobody
     * @param replicas who holds a copy, or is to get one
     * @param inSync those that have everything that is committed
     * @param eligible those that may lead, should all of those be gone
     * @param problem why the node that tells, which leads it or alone has it, refuses; null where it does not, and of all that other
     *     nodes refuse
     */
    public record Copies(
            int id,
            String primary,
            long epoch,
            List<String> replicas,
            List<String> inSync,
            List<String> eligible,
            @Nullable String problem) {

        public Copies {
            replicas = List.copyOf(replicas);
            inSync = List.copyOf(inSync);
            eligible = List.copyOf(eligible);
        }

        /** Those that are to catch up, and count for nothing until they have. */
        public List<String> learners() {
            return replicas.stream().filter(node -> !inSync.contains(node)).toList();
        }
    }

    /** How a partition is. */
    public enum Health {
        /** As many copies as wanted, and somebody serves it. */
        HEALTHY,
        /** Somebody serves it, with fewer copies than wanted, or too few to commit. */
        DEGRADED,
        /** Nobody serves it. */
        WITHOUT_LEADER
    }

    public Optional<Node> member(String id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /** The member's name; of whoever is no member, the id. */
    public String nameOf(String id) {
        return member(id).map(Node::name).orElse(id);
    }

    public boolean isSeen(String id) {
        return member(id).map(Node::present).orElse(false);
    }

    /** A primary that is not seen counts as none: somebody else is about to lead, or can not. */
    public Health health(Copies copies) {
        if (copies.primary().isEmpty() || !isSeen(copies.primary()) || copies.problem() != null) {
            return Health.WITHOUT_LEADER;
        }
        long inSync = copies.inSync().stream().filter(this::isSeen).count();
        return inSync < Math.max(copiesWanted, minInSync) ? Health.DEGRADED : Health.HEALTHY;
    }

    // ---- bytes

    public byte[] toBytes() {
        WireWriter out = new WireWriter();
        write(out, this);
        ByteBuffer bytes = ByteBuffer.allocate(out.size());
        out.body().writeTo(bytes);
        return bytes.array();
    }

    /** @throws IllegalArgumentException they are no report, or of another version */
    public static ClusterReport of(byte[] bytes) {
        try {
            return WireReader.read(ByteBuffer.wrap(bytes), ClusterReport::read);
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    static void write(WireWriter out, ClusterReport report) {
        out.text(report.clusterName)
                .text(report.cluster)
                .text(report.node)
                .text(report.leader)
                .i32(report.minInSync)
                .i32(report.copiesWanted);
        out.i32(report.members.size());
        report.members.forEach(member -> write(out, member));
        out.i32(report.partitions.size());
        report.partitions.forEach(copies -> write(out, copies));
        texts(out, report.executors);
    }

    private static void write(WireWriter out, Node member) {
        out.text(member.id())
                .text(member.name())
                .text(member.address())
                .flag(member.votes())
                .flag(member.holdsReplicas())
                .text(member.zone())
                .i64(member.session())
                .flag(member.present())
                .i64(member.sinceMillis())
                .flag(member.leaving())
                .text(member.problem());
    }

    private static void write(WireWriter out, Copies copies) {
        out.i32(copies.id()).text(copies.primary()).i64(copies.epoch());
        texts(out, copies.replicas());
        texts(out, copies.inSync());
        texts(out, copies.eligible());
        out.text(copies.problem());
    }

    private static void texts(WireWriter out, List<String> texts) {
        out.i32(texts.size());
        texts.forEach(out::text);
    }

    static ClusterReport read(WireReader in) {
        return new ClusterReport(
                in.requiredText(),
                in.requiredText(),
                in.requiredText(),
                in.text(),
                in.i32(),
                in.i32(),
                in.list(ClusterReport::readMember),
                in.list(ClusterReport::readCopies),
                in.list(WireReader::requiredText));
    }

    private static Node readMember(WireReader in) {
        return new Node(
                in.requiredText(),
                in.requiredText(),
                in.requiredText(),
                in.flag(),
                in.flag(),
                in.requiredText(),
                in.i64(),
                in.flag(),
                in.i64(),
                in.flag(),
                in.text());
    }

    private static Copies readCopies(WireReader in) {
        return new Copies(
                in.i32(),
                in.requiredText(),
                in.i64(),
                in.list(WireReader::requiredText),
                in.list(WireReader::requiredText),
                in.list(WireReader::requiredText),
                in.text());
    }
}
