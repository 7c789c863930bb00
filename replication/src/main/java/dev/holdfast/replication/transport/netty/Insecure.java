package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Refusal;

/** Why nothing is said in clear to an address that others can listen to. */
final class Insecure {

    private Insecure() {}

    static Refusal refusal(PeerAddress address) {
        return new Refusal(
                Refusal.Code.INSECURE,
                "Not without TLS: address=" + address
                        + " is not a loopback address, and everybody on the way could read and change what is sent;"
                        + " set network.tls-certificates, network.tls-key and network.tls-trusted, use a loopback address, or set network.insecure=true in a network that nobody else is in");
    }
}
