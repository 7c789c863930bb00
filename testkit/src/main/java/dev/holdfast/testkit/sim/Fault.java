package dev.holdfast.testkit.sim;

/** What can go wrong, or be asked for at a bad moment. */
sealed interface Fault {

    /** Hands this to the method for its type: a new type breaks every handler's compilation. */
    void dispatchTo(FaultHandler handler);

    /** The process dies; its page cache stays. */
    record Crash(SimNode node, boolean heard) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.crash(this);
        }
    }

    /** The machine loses power, and with it pages that were not forced. */
    record PowerLoss(SimNode node) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.powerLoss(this);
        }
    }

    /** Every machine loses power at once. */
    record TotalPowerLoss() implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.totalPowerLoss(this);
        }
    }

    /** Every process dies at once. */
    record TotalCrash() implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.totalCrash(this);
        }
    }

    /** The process dies, and a bit of its log flips before the next one reads it. */
    record BitRot(SimNode node) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.bitRot(this);
        }
    }

    /** The process dies, and an older copy of its directory is put back. */
    record StaleDisk(SimNode node) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.staleDisk(this);
        }
    }

    /** The process stands still, its clocks go on. */
    record Pause(SimNode node, long nanos) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.pause(this);
        }
    }

    /** The machine is suspended: the monotonic clock stands still too. */
    record Suspend(SimNode node, long nanos) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.suspend(this);
        }
    }

    /** The monotonic clock runs too fast or too slow from now on. */
    record Drift(SimNode node, long perMillion) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.drift(this);
        }
    }

    /** What {@code from} sends to {@code to} gets lost; the other way too if {@code bothWays}. */
    record Cut(SimNode from, SimNode to, boolean bothWays, long nanos) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.cut(this);
        }
    }

    /** The node is cut off from all others, and from the control plane. */
    record Isolate(SimNode node, boolean withControlPlane, long nanos) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.isolate(this);
        }
    }

    /** Everything that the disk does takes longer. */
    record SlowDisk(SimNode node, long times, long nanos) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.slowDisk(this);
        }
    }

    /** The disk has no room for records. */
    record FullDisk(SimNode node, long nanos) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.fullDisk(this);
        }
    }

    /** The control plane has no leader. */
    record LeaderLost(long nanos) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.leaderLost(this);
        }
    }

    /** The node's view of the control table stands still. */
    record StaleView(SimNode node, long nanos) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.staleView(this);
        }
    }

    /** Somebody asks whoever is primary to hand over. */
    record Resign(SimNode target) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.resign(this);
        }
    }

    /** Nobody else comes back for a while, and an operator has the cluster go on with what one node has. */
    record Recovery(SimNode survivor) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.recovery(this);
        }
    }

    /** Placement takes a replica away from one node, or gives one to another. */
    record Move(SimNode node) implements Fault {
        @Override
        public void dispatchTo(FaultHandler handler) {
            handler.move(this);
        }
    }
}
