package dev.holdfast;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where a test and its tasks meet: stored with a task by name, one object in this JVM. Tasks wait until it opens. */
final class Gate implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

    private final String name;
    private final transient CountDownLatch open = new CountDownLatch(1);
    private final transient List<String> events = new CopyOnWriteArrayList<>();

    private Gate(String name) {
        this.name = name;
    }

    static Gate closed() {
        return GATES.computeIfAbsent(UUID.randomUUID().toString(), Gate::new);
    }

    static void openAll() {
        GATES.values().forEach(Gate::open);
    }

    private Object readResolve() {
        return GATES.computeIfAbsent(name, Gate::new);
    }

    void open() {
        open.countDown();
    }

    /** What tasks noted. */
    List<String> events() {
        return events;
    }

    void note(String event) {
        events.add(event);
    }

    /** A task that notes its start, waits for the gate, and returns {@code result}. */
    <T extends Serializable> DurableCallable<T> then(T result) {
        Gate gate = this;
        return () -> {
            gate.note("started " + result);
            try {
                if (!gate.open.await(30, TimeUnit.SECONDS)) {
                    throw new AssertionError("The gate did not open");
                }
            } catch (InterruptedException e) {
                gate.note("interrupted " + result);
                throw e;
            }
            gate.note("ended " + result);
            return result;
        };
    }
}
