package dev.holdfast.bench;

/**
 * What a round does.
 *
 * @param payloadBytes length of task and of result
 * @param submitters threads that submit
 * @param outstanding how many tasks are submitted and not finished, of all submitters together
 * @param seconds how long is measured, after {@code warmUpSeconds} that are not
 */
record Load(int payloadBytes, int submitters, int outstanding, int warmUpSeconds, int seconds) {
    static final int POOL_SIZE = 2;

    Load {
        if (payloadBytes < 1 || submitters < 1 || outstanding < submitters || warmUpSeconds < 0 || seconds < 1) {
            throw new IllegalArgumentException("Not a load: payloadBytes=" + payloadBytes + ", submitters=" + submitters
                    + ", outstanding=" + outstanding + ", warmUpSeconds=" + warmUpSeconds + ", seconds=" + seconds);
        }
    }

    String describe() {
        return payloadBytes + " B, " + submitters + (submitters == 1 ? " submitter, " : " submitters, ") + outstanding
                + " outstanding";
    }
}
