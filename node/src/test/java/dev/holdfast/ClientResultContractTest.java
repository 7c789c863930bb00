package dev.holdfast;

import dev.holdfast.config.Config;

/** The same contract, through a client. */
class ClientResultContractTest extends ResultContractTest {

    @Override
    HoldfastInstance userOf(HoldfastInstance started, Config config) {
        return new ClientOfNode(started, config);
    }
}
