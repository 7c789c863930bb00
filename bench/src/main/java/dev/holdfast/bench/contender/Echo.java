package dev.holdfast.bench.contender;

import dev.holdfast.DurableCallable;

/** The task: returns its payload, in another array of the same length. */
@SuppressWarnings("ArrayRecordComponent") // made once, never compared
public record Echo(byte[] payload) implements DurableCallable<byte[]> {

    @Override
    public byte[] call() {
        return answer(payload);
    }

    static byte[] answer(byte[] payload) {
        byte[] result = payload.clone();
        result[0]++;
        return result;
    }
}
