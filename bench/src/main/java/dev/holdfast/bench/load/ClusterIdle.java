package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.MembersApart;
import java.util.concurrent.TimeUnit;

/** The share of a core that each of three members uses while nobody asks for anything. Options: directory, seconds. */
final class ClusterIdle implements Measurement {

    /** The compiler goes on for as long. */
    private static final int SETTLE_SECONDS = 60;

    @Override
    public Figures measure(Options options) throws Exception {
        int seconds = options.number("seconds");
        try (MembersApart members = MembersApart.start(options.directory(), Options.POOL_SIZE, 3, 1)) {
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            double[] before = members.cpuMicros();
            TimeUnit.SECONDS.sleep(seconds);
            double[] after = members.cpuMicros();
            double sum = 0;
            double most = 0;
            for (int i = 0; i < before.length; i++) {
                double share = (after[i] - before[i]) / 1e4 / seconds;
                sum += share;
                most = Math.max(most, share);
            }
            return new Figures().put("% of a core", sum / before.length).put("the busiest, %", most);
        }
    }
}
