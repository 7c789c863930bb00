package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;

/** Receives what can still be read of a damaged log, in its order, and is told where something is missing. */
public interface SalvageHandler extends ReplayHandler {

    /**
     * Some of the items of the checkpoint can not be read; told once, behind those that can. What neither an item nor a later
     * record speaks of was there or was not.
     */
    void onCheckpointGap();

    /**
     * The records from {@code first} to {@code last} can not be read, and what they changed is not known.
     *
     * @param last of them; the next one that is handed over follows it
     */
    void onGap(Lsn first, Lsn last);

    /** Whether the log went on behind what was handed over can not be told: its high-water mark can not be read. */
    void onUnknownEnd();
}
