package dev.holdfast;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Config;
import org.junit.jupiter.api.Test;

/** The same contract, through a client. */
class ClientResultContractTest extends ResultContractTest {

    @Override
    HoldfastInstance userOf(HoldfastInstance started, Config config) {
        return new ClientOfNode(started, config);
    }

    /** The node has no place for another waiter, so the client asks again later: what it waits for is told all the same. */
    @Override
    @Test
    void moreWaitersThanAllowedAreRejected() throws Exception {
        start(config -> config.setMaxWaiters(1));
        Gate gate = Gate.closed();
        long id = service().submit(gate.then("x")).getTaskId();
        DurableExecutorServiceFuture<Object> one = service().retrieveResult(id);
        DurableExecutorServiceFuture<Object> another = service().retrieveResult(id);
        gate.open();
        assertThat(one.get(10, SECONDS)).isEqualTo("x");
        assertThat(another.get(10, SECONDS)).isEqualTo("x");
    }
}
