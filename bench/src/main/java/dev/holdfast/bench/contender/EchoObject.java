package dev.holdfast.bench.contender;

import dev.holdfast.DurableCallable;

/** The task as a class, which Holdfast stores by Java serialisation; {@link Echo} is a record, which it does not. */
final class EchoObject implements DurableCallable<byte[]> {

    private static final long serialVersionUID = 1L;

    private final byte[] payload;

    EchoObject(byte[] payload) {
        this.payload = payload;
    }

    @Override
    public byte[] call() {
        return Echo.answer(payload);
    }
}
