package dev.holdfast.replication.transport.wire;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Admission;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.Refusal.Code;
import dev.holdfast.replication.transport.TransportSettings.Versions;
import java.util.Optional;

/**
 * Who may talk to whom. Both sides apply them: who connects might have reached the wrong place.
 *
 * <p>Clusters have to be the same where both are known. A node that has none yet, and a client that has not been told, are in
 * nobody's way here; whether such a node may join {@link Admission} decides.
 */
public final class HandshakeRules {

    private HandshakeRules() {}

    /**
     * The version that both speak: the highest.
     *
     * @param where who is refused, for the message
     * @throws RefusedException if there is none
     */
    public static int version(Versions ours, Versions theirs, String where) throws RefusedException {
        int version = Math.min(ours.highest(), theirs.highest());
        if (version < ours.lowest() || version < theirs.lowest()) {
            throw refused(
                    Code.WRONG_VERSION,
                    "No version of the protocol in common: " + where + ", speaks=" + theirs.lowest() + ".."
                            + theirs.highest() + ", spoken here=" + ours.lowest() + ".." + ours.highest()
                            + "; upgrade the older one, one version at a time");
        }
        return version;
    }

    /**
     * Checks cluster, session and admission of who connects or answers.
     *
     * @param principal the subject of the certificate
     */
    public static void check(
            Identity ours, Identity theirs, Sessions sessions, Admission admission, Optional<String> principal)
            throws RefusedException {
        if (ours.cluster().isPresent()
                && theirs.cluster().isPresent()
                && !ours.cluster().equals(theirs.cluster())) {
            throw refused(
                    Code.WRONG_CLUSTER,
                    "Another cluster: " + where(theirs) + ", cluster="
                            + theirs.cluster().get() + ", here="
                            + ours.cluster().get() + ", node-name here=" + ours.name()
                            + "; correct network.members, or give the node an empty data directory to have it join");
        }
        Optional<Identity> newer = sessions.newerThan(theirs);
        if (newer.isPresent()) {
            throw refused(
                    Code.STALE_SESSION,
                    "A newer process uses the same disk: " + where(theirs) + ", session=" + theirs.session()
                            + ", known here=" + newer.get().session()
                            + "; stop this process, or, if its data directory is a copy or was restored, let the node join anew");
        }
        Optional<Refusal> refusal = admission.refuses(theirs, principal);
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }

    /** Checks that who answers at a peer's address is who was expected there. */
    public static void checkExpected(Peer peer, NodeId answering) throws RefusedException {
        if (peer.expected().isPresent() && !peer.expected().get().equals(answering)) {
            throw refused(
                    Code.WRONG_NODE,
                    "Another node answers: address=" + peer.address() + ", disk-id=" + answering + ", expected="
                            + peer.expected().get() + "; the address is used by another data directory now");
        }
    }

    static String where(Identity identity) {
        return "role=" + identity.role() + ", node-name=" + identity.name() + ", disk-id=" + identity.node();
    }

    private static RefusedException refused(Code code, String message) {
        return new RefusedException(new Refusal(code, message));
    }
}
