package dev.holdfast;

import dev.holdfast.config.Config;

/** The same contract, through a client. */
class ClientSubmissionContractTest extends SubmissionContractTest {

    @Override
    HoldfastInstance userOf(HoldfastInstance started, Config config) {
        return new ClientOfNode(started, config);
    }
}
