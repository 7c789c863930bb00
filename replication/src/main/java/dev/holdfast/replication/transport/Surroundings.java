package dev.holdfast.replication.transport;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * What a transport is given by its node.
 *
 * @param self who we are, asked at every handshake: a node joins its cluster while it is connected
 * @param inbound who takes what comes in
 * @param admission who may connect
 * @param listener told of connections
 * @param nanoClock monotonic, as {@link System#nanoTime()}
 * @param random for the back-off
 * @param route where to connect to reach who listens at an address: asked at each attempt by a thread of the network, which it
 *     must not block
 */
public record Surroundings(
        Supplier<Identity> self,
        Inbound inbound,
        Admission admission,
        ConnectionListener listener,
        LongSupplier nanoClock,
        RandomGenerator random,
        UnaryOperator<PeerAddress> route) {

    /** With the system's clock, any randomness, and everybody admitted. */
    public static Surroundings of(Supplier<Identity> self, Inbound inbound, ConnectionListener listener) {
        return new Surroundings(
                self,
                inbound,
                Admission.OF_ALL,
                listener,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextLong(),
                UnaryOperator.identity());
    }

    /** The same, admitting as {@code other} says. */
    public Surroundings withAdmission(Admission other) {
        return new Surroundings(self, inbound, other, listener, nanoClock, random, route);
    }

    /** The same, connecting to others as {@code other} says. */
    public Surroundings withRoute(UnaryOperator<PeerAddress> other) {
        return new Surroundings(self, inbound, admission, listener, nanoClock, random, other);
    }
}
