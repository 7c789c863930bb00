package dev.holdfast.node.codec;

import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes what users hand in and get back. */
public interface TaskCodec {

    /**
     * @param codec name of the codec, stored beside the bytes
     * @param typeName class name to show
     * @param fingerprint of the class file behind a lambda, else null
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record EncodedTask(
            byte[] bytes,
            String codec,
            String typeName,
            @Nullable String fingerprint) {}

    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record EncodedResult(byte[] bytes, String codec) {}

    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record EncodedFailure(FailureInfo info, byte[] bytes) {}

    /**
     * Encodes a {@link java.util.concurrent.Callable} or {@link Runnable}.
     *
     * @throws dev.holdfast.TaskNotSerializableException naming the path of the field
     * @throws dev.holdfast.TaskNotAllowedException naming class and setting
     */
    EncodedTask encodeTask(Object task);

    /**
     * Asks about the class alone, before anything of it runs.
     *
     * @throws dev.holdfast.TaskNotAllowedException naming class and setting
     */
    void checkAllowed(Class<?> task);

    /** Encodes a task together with the value that stands for its result ({@code submit(Runnable, T)}). */
    EncodedTask encodeTask(Runnable task, @Nullable Object result);

    /**
     * The task, as a callable; {@link Decoded#target()} is the user's own object, for injection.
     *
     * @throws UndecodableTaskException it has to be parked, its message says why
     */
    Decoded decodeTask(TaskSpec spec, byte[] bytes) throws UndecodableTaskException;

    /** The fingerprint that the class behind a stored lambda has now, or null if it has none or is missing. */
    @Nullable
    String currentFingerprint(TaskSpec spec, byte[] bytes);

    /** A task ready to run. */
    interface Decoded extends java.util.concurrent.Callable<@Nullable Object> {
        Object target();
    }

    /** @throws ResultNotEncodableException the task is to fail with it */
    EncodedResult encodeResult(@Nullable Object result) throws ResultNotEncodableException;

    /** @throws dev.holdfast.ResultNotReadableException the bytes stay */
    @Nullable
    Object decodeResult(String codec, byte[] bytes);

    /** Never fails: what can not be encoded is described. */
    EncodedFailure encodeFailure(Throwable failure);

    /** The original throwable where it can be rebuilt, else a {@link dev.holdfast.RemoteTaskException}. */
    Throwable decodeFailure(FailureInfo info, byte[] bytes);

    /**
     * Bytes of an affinity key, equal in every JVM for equal keys.
     *
     * @throws dev.holdfast.TaskNotSerializableException the key can not be encoded
     */
    byte[] encodeKey(Object key);
}
