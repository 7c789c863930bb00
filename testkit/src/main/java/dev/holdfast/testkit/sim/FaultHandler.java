package dev.holdfast.testkit.sim;

/** One method for each kind of {@link Fault}. */
interface FaultHandler {

    void crash(Fault.Crash fault);

    void powerLoss(Fault.PowerLoss fault);

    void totalPowerLoss(Fault.TotalPowerLoss fault);

    void totalCrash(Fault.TotalCrash fault);

    void bitRot(Fault.BitRot fault);

    void staleDisk(Fault.StaleDisk fault);

    void pause(Fault.Pause fault);

    void suspend(Fault.Suspend fault);

    void drift(Fault.Drift fault);

    void cut(Fault.Cut fault);

    void isolate(Fault.Isolate fault);

    void slowDisk(Fault.SlowDisk fault);

    void fullDisk(Fault.FullDisk fault);

    void leaderLost(Fault.LeaderLost fault);

    void staleView(Fault.StaleView fault);

    void resign(Fault.Resign fault);

    void recovery(Fault.Recovery fault);

    void move(Fault.Move fault);
}
