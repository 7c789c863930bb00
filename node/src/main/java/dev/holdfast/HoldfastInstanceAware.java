package dev.holdfast;

/** A task that wants the node it runs on: told after deserialisation, before the run. */
public interface HoldfastInstanceAware {

    /**
     * Called on the worker that is about to run the task. What it throws is the task's failure.
     *
     * @param instance the node that runs the task; not to be closed by it
     */
    void setHoldfastInstance(HoldfastInstance instance);
}
