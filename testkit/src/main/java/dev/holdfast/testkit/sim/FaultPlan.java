package dev.holdfast.testkit.sim;

import java.util.SplittableRandom;

/** Which fault comes next, and when. */
final class FaultPlan {

    /** That many change something in each seed. */
    static final int LEAST_FAULTS = 3;

    /** If not yet by then, before the end, they come that fast. */
    private static final long HURRY_NANOS = 5 * SimSettings.SECOND;

    private static final int HURRY_MILLIS = 200;

    private final SimWorld world;
    private final SplittableRandom random;
    private final Faults faults;
    private final long endNanos;
    private final int meanMillis;

    FaultPlan(SimWorld world, SplittableRandom random) {
        this.world = world;
        this.random = random;
        this.faults = new Faults(world);
        endNanos = world.settings.faultNanos();
        meanMillis = 250 + random.nextInt(950);
    }

    void begin() {
        world.network.bad();
        world.control.bad();
        later();
    }

    private void later() {
        int maxMillis = isToHurry() ? HURRY_MILLIS : 2 * meanMillis;
        long delayNanos = (50 + random.nextInt(maxMillis)) * SimSettings.MILLI;
        world.timeline.after(delayNanos, () -> {
            if (world.timeline.nowNanos() < endNanos) {
                faults.inject(next());
                later();
            }
        });
    }

    /** Chance may choose what finds nothing to disturb, again and again. */
    private boolean isToHurry() {
        return world.timeline.nowNanos() > endNanos - HURRY_NANOS
                && world.totals.of(Totals.Count.FAULTS) < LEAST_FAULTS;
    }

    private long nanos(int maxMillis) {
        return (20 + random.nextInt(maxMillis)) * SimSettings.MILLI;
    }

    private SimNode any() {
        return world.nodes.get(random.nextInt(world.nodes.size()));
    }

    /** The primary more often than others: there it hurts. */
    private SimNode victim() {
        boolean primary = random.nextInt(5) < 2;
        return primary ? world.control.row().primary().map(world::node).orElseGet(this::any) : any();
    }

    private Fault next() {
        if (world.settings.losses() && random.nextInt(12) == 0) {
            return random.nextBoolean() ? new Fault.Recovery(any()) : new Fault.TotalPowerLoss();
        }
        return switch (random.nextInt(28)) {
            case 0, 1, 2 -> new Fault.Crash(victim(), random.nextInt(3) > 0);
            case 3, 4 -> new Fault.PowerLoss(victim());
            case 5 -> random.nextBoolean() ? new Fault.TotalPowerLoss() : new Fault.TotalCrash();
            case 6 -> new Fault.BitRot(victim());
            case 7, 8 -> new Fault.StaleDisk(victim());
            case 9, 10 -> new Fault.Pause(victim(), nanos(3_000));
            case 11, 12 -> new Fault.Suspend(victim(), nanos(3_000));
            case 13 -> new Fault.Drift(any(), random.nextInt(-50_000, 50_000));
            case 14, 15 -> new Fault.Cut(victim(), any(), random.nextBoolean(), nanos(3_000));
            case 16, 17 -> new Fault.Isolate(victim(), random.nextBoolean(), nanos(4_000));
            case 18 -> new Fault.SlowDisk(victim(), 5 + random.nextInt(100), nanos(3_000));
            case 19 -> new Fault.LeaderLost(nanos(2_500));
            case 20 -> new Fault.StaleView(any(), nanos(3_000));
            case 21, 22, 23 -> new Fault.Resign(any());
            case 24, 25 -> new Fault.FullDisk(victim(), nanos(2_500));
            default -> new Fault.Move(any());
        };
    }
}
