package dev.holdfast;

import java.io.Serializable;

/** A {@link Runnable} that can be stored: a plain lambda becomes serialisable when it is passed as one. */
@FunctionalInterface
public interface DurableRunnable extends Runnable, Serializable {}
