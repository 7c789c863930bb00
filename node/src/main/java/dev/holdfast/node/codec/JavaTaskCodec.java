package dev.holdfast.node.codec;

import dev.holdfast.TaskNotAllowedException;
import dev.holdfast.TaskNotSerializableException;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.codec.records.RecordCodec;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.TaskSpec;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Java serialisation under an input filter, with a fingerprint for what the compiler numbers (see {@link ClassFingerprint});
 * records of plain values in a form of their own (see {@link RecordCodec}). Thread-safe. User code runs on the calling thread.
 */
public final class JavaTaskCodec implements TaskCodec {

    /** Name of this codec, as stored beside the bytes. */
    public static final String NAME = "java";

    private static final String LAMBDA_MARK = "$$Lambda";
    private static final String CHANGED =
            "class changed since submission: retry with --accept-changed-code, or discard";

    private final ClassResolver resolver;
    private final ObjectStreams streams;
    private final RecordBodies records;
    private final ResultCodec results;
    private final FailureCodec failures;
    private final KeyCodec keys = new KeyCodec();
    private final long maxPayload;

    /**
     * Classes come from the configuration's class loader, else from the context class loader of the calling thread, else
     * from the system class loader.
     */
    public JavaTaskCodec(Config config) {
        ClassLoader loader = config.getClassLoader();
        if (loader == null) {
            loader = Thread.currentThread().getContextClassLoader();
        }
        this.resolver = new ClassResolver(loader == null ? ClassLoader.getSystemClassLoader() : loader);
        this.streams = new ObjectStreams(config, resolver);
        this.maxPayload = config.getMaxPayload();
        this.records = new RecordBodies(streams);
        this.results = new ResultCodec(streams, records, maxPayload);
        this.failures = new FailureCodec(streams);
    }

    @Override
    public EncodedTask encodeTask(Object task) {
        if (task instanceof Callable<?>) {
            return encode(task, false, null);
        }
        if (task instanceof Runnable) {
            return encode(task, true, null);
        }
        throw new IllegalArgumentException(
                "Neither a Callable nor a Runnable: class=" + task.getClass().getName());
    }

    @Override
    public EncodedTask encodeTask(Runnable task, @Nullable Object result) {
        return encode(task, true, result);
    }

    private EncodedTask encode(Object task, boolean isRun, @Nullable Object result) {
        byte[] record = result == null ? records.encode(task, isRun, maxPayload) : null;
        if (record != null) {
            resolver.saw(task.getClass());
            return new EncodedTask(record, RecordCodec.NAME, typeName(task), null);
        }
        try (ObjectStreams.Written written = write(task, result)) {
            resolver.saw(task.getClass());
            Map<String, Class<?>> classes = written.fingerprinted();
            String fingerprint = classes.isEmpty() ? null : fingerprintOf(classes);
            byte[] header = TaskPayload.header(isRun, result != null, classes.keySet());
            return new EncodedTask(written.bytes(header), NAME, typeName(task), fingerprint);
        } catch (IOException e) {
            throw new TaskNotSerializableException(
                    "A class name is too long to be stored: class=" + typeName(task) + ", problem=" + e, e);
        }
    }

    private static String fingerprintOf(Map<String, Class<?>> classes) {
        String fingerprint = ClassFingerprint.of(classes.values());
        if (fingerprint == null) {
            throw new TaskNotSerializableException("The class file behind a lambda or an anonymous class can't be read"
                    + ", so a change of it would go unnoticed: classes=" + classes.keySet()
                    + ". Use a named class that implements DurableCallable or DurableRunnable");
        }
        return fingerprint;
    }

    @Override
    public void checkAllowed(Class<?> task) {
        if (!streams.allowed().allows(task)) {
            throw new TaskNotAllowedException(AllowedClasses.refusal(task.getName()));
        }
    }

    private ObjectStreams.Written write(Object task, @Nullable Object result) {
        try {
            return result == null ? streams.write(maxPayload, task) : streams.write(maxPayload, task, result);
        } catch (TaskNotAllowedException e) {
            throw e;
        } catch (NotSerializableException e) {
            throw NotSerializable.describe(task, result, e);
        } catch (BoundedBytes.OverLimitException e) {
            throw new TaskNotSerializableException(
                    ErrorCode.TASK_TOO_LARGE.says("Task is too large: class=" + typeName(task) + ", payload-bytes>="
                            + e.atLeast() + ", max-payload=" + maxPayload
                            + ". Store large data elsewhere and submit a reference to it, or raise max-payload"));
        } catch (StackOverflowError e) {
            throw new TaskNotSerializableException(
                    ErrorCode.TASK_TOO_LARGE.says("Task is nested too deeply to be serialised: class=" + typeName(task)
                            + ". Put long chains of objects into lists or arrays"));
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new TaskNotSerializableException(
                    "Task can't be serialised: class=" + typeName(task) + ", problem=" + e
                            + ". Look at its writeObject, writeReplace or writeExternal",
                    e);
        }
    }

    @Override
    public Decoded decodeTask(TaskSpec spec, byte[] bytes) throws UndecodableTaskException {
        boolean isRecord = spec.codec().equals(RecordCodec.NAME);
        if (!isRecord && !spec.codec().equals(NAME)) {
            throw new UndecodableTaskException(
                    ErrorCode.PAYLOAD_UNREADABLE,
                    "unknown codec: codec=" + spec.codec() + ", type=" + spec.typeName()
                            + ": written by a newer version; discard, or retry under that version");
        }
        try {
            if (isRecord) {
                return decoded(spec, RecordCodec.isRun(bytes), records.decode(bytes), null);
            }
            TaskPayload payload = TaskPayload.parse(bytes);
            if (spec.fingerprint() != null && !spec.fingerprint().equals(fingerprintNow(payload))) {
                throw new UndecodableTaskException(
                        ErrorCode.CLASS_CHANGED, CHANGED + " (classes=" + payload.fingerprinted() + ")");
            }
            @Nullable Object[] read = streams.read(bytes, payload.streamOffset(), payload.hasResult() ? 2 : 1);
            return decoded(spec, payload.isRun(), read[0], payload.hasResult() ? read[1] : null);
        } catch (UndecodableTaskException e) {
            throw e;
        } catch (
                Throwable
                        e) { // whatever the classes of users throw while they are read: nothing may pass for a failure
            throw Undecodable.because(e, spec);
        }
    }

    private static Decoded decoded(TaskSpec spec, boolean isRun, @Nullable Object task, @Nullable Object result)
            throws UndecodableTaskException {
        if (isRun ? !(task instanceof Runnable) : !(task instanceof Callable<?>)) {
            throw new UndecodableTaskException(
                    ErrorCode.CLASS_INCOMPATIBLE,
                    "class is no " + (isRun ? "Runnable" : "Callable") + " any more: type=" + spec.typeName()
                            + ": bring the former class back and retry, or discard");
        }
        return new DecodedTask(Objects.requireNonNull(task), isRun, result);
    }

    @Override
    public @Nullable String currentFingerprint(TaskSpec spec, byte[] bytes) {
        if (!spec.codec().equals(NAME)) {
            return null;
        }
        try {
            return fingerprintNow(TaskPayload.parse(bytes));
        } catch (IOException | ClassNotFoundException | LinkageError e) {
            return null; // what the contract says of a missing class; decodeTask reports the reason
        }
    }

    private @Nullable String fingerprintNow(TaskPayload payload) throws ClassNotFoundException {
        if (payload.fingerprinted().isEmpty()) {
            return null;
        }
        List<Class<?>> classes = new ArrayList<>();
        for (String name : payload.fingerprinted()) {
            classes.add(resolver.resolve(name));
        }
        return ClassFingerprint.of(classes);
    }

    @Override
    public EncodedResult encodeResult(@Nullable Object result) throws ResultNotEncodableException {
        return results.encode(result);
    }

    @Override
    public @Nullable Object decodeResult(String codec, byte[] bytes) {
        return results.decode(codec, bytes);
    }

    @Override
    public EncodedFailure encodeFailure(Throwable failure) {
        return failures.encode(failure);
    }

    @Override
    public Throwable decodeFailure(FailureInfo info, byte[] bytes) {
        return failures.decode(info, bytes);
    }

    @Override
    public byte[] encodeKey(Object key) {
        return keys.encode(key);
    }

    /** A lambda's class is numbered anew in every JVM; what is left names the class it was written in. */
    static String typeName(Object task) {
        String name = task.getClass().getName();
        int lambda = name.indexOf(LAMBDA_MARK);
        return lambda < 0 ? name : name.substring(0, lambda + LAMBDA_MARK.length());
    }
}
