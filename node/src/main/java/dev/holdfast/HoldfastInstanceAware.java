package dev.holdfast;

/** A task that wants the node it runs on: told after deserialisation, before the run. */
public interface HoldfastInstanceAware {

    void setHoldfastInstance(HoldfastInstance instance);
}
