package dev.holdfast;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * A {@link Callable} that can be stored: a plain lambda becomes serialisable when it is passed as one.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface DurableCallable<T> extends Callable<T>, Serializable {}
