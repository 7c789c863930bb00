package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Records to bytes and back. Thread-safe; a class that nobody else keeps is not kept by it. */
public final class RecordCodec {

    /** Stored beside the bytes. */
    public static final String NAME = "record";

    private static final int VERSION = 1;
    private static final int RUN = 1;
    private static final int HEAD_BYTES = 6;

    /** More kinds of records than an application has; what comes beyond is planned anew each time. */
    private static final int MOST_PLANS = 4_096;

    private static final int MOST_PLANS_OF_CLASS = 64;

    /** They live as long as their class: a plan holds it, so nobody else may hold a plan. */
    private static final ClassValue<Map<SchemaBytes, Plan>> OF_CLASS = new ClassValue<>() {
        @Override
        protected Map<SchemaBytes, Plan> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private final Map<SchemaBytes, WeakReference<Plan>> plans = new ConcurrentHashMap<>();

    /** The schema within some bytes: whoever has the same one is read by the same plan. */
    private static final class SchemaBytes {
        private final byte[] bytes;
        private final int from;
        private final int to;
        private final int hash;

        SchemaBytes(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
            int sum = 1;
            for (int i = from; i < to; i++) {
                sum = 31 * sum + bytes[i];
            }
            this.hash = sum;
        }

        SchemaBytes copy() {
            return new SchemaBytes(Arrays.copyOfRange(bytes, from, to), 0, to - from);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof SchemaBytes that
                    && hash == that.hash
                    && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
        }
    }

    /**
     * Null where this form is not for it: no record of plain values, one with something in it twice, a class that is not
     * {@code allowed}, more than {@code limit} bytes. Then Java serialisation takes it, or says what is wrong.
     */
    public byte @Nullable [] encode(Object object, boolean isRun, long limit, Predicate<Class<?>> allowed) {
        Layout layout = Layout.of(object.getClass());
        if (layout == null) {
            return null;
        }
        for (Class<?> each : layout.classes) {
            if (!allowed.test(each)) {
                return null;
            }
        }
        try {
            long values = Component.sizeOf(layout.components, object, new Identities(layout.identities));
            long size = HEAD_BYTES + layout.schema.length + values;
            if (values == Component.NOT_FIT || size > limit || size > Integer.MAX_VALUE - 8) {
                return null;
            }
            RecordOutput out = new RecordOutput((int) size);
            out.writeByte(VERSION);
            out.writeByte(isRun ? RUN : 0);
            out.writeInt(layout.schema.length);
            out.write(layout.schema);
            for (Component each : layout.components) {
                each.write(object, out);
            }
            return out.bytes();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("A field is closed that was opened: class=" + object.getClass(), e);
        }
    }

    /** Whether the task in these bytes is to be run, not to be called. */
    public static boolean isRun(byte[] bytes) throws IOException {
        return head(bytes) == RUN;
    }

    /**
     * The record, made by its constructor.
     *
     * @throws IOException with the exceptions of Java serialisation where a class does not fit, or what the guard throws
     * @throws ClassNotFoundException naming it
     */
    public Object decode(byte[] bytes, ReadGuard guard) throws IOException, ClassNotFoundException {
        head(bytes);
        int end = schemaEnd(bytes);
        SchemaBytes key = new SchemaBytes(bytes, HEAD_BYTES, end);
        WeakReference<Plan> known = plans.get(key);
        Plan plan = known == null ? null : known.get();
        if (plan == null || !plan.isCurrent(guard)) {
            plan = planned(bytes, key, guard);
        }
        return plan.read(bytes, end, guard);
    }

    private Plan planned(byte[] bytes, SchemaBytes key, ReadGuard guard) throws IOException, ClassNotFoundException {
        PlanBuilder builder = new PlanBuilder(guard);
        Plan plan = builder.plan(schema(bytes));
        Map<SchemaBytes, Plan> ofClass = OF_CLASS.get(plan.type());
        if (plans.size() >= MOST_PLANS) { // of classes that are gone
            plans.values().removeIf(each -> each.get() == null);
        }
        if (builder.lacksClasses() || plans.size() >= MOST_PLANS || ofClass.size() >= MOST_PLANS_OF_CLASS) {
            return plan;
        }
        SchemaBytes own = key.copy();
        Plan other = ofClass.putIfAbsent(own, plan); // of another node
        if (other != null && !other.isCurrent(guard)) {
            return plan;
        }
        Plan kept = other == null ? plan : other;
        plans.put(own, new WeakReference<>(kept));
        return kept;
    }

    private static int head(byte[] bytes) throws IOException {
        if (bytes.length < HEAD_BYTES) {
            throw new StreamCorruptedException("it is no record: bytes=" + bytes.length);
        }
        if (bytes[0] != VERSION || (bytes[1] & ~RUN) != 0) {
            throw new StreamCorruptedException(
                    "it is no record that this version knows: version=" + bytes[0] + ", flags=" + bytes[1]);
        }
        return bytes[1];
    }

    static int schemaEnd(byte[] bytes) throws IOException {
        RecordInput in = unguarded(bytes, HEAD_BYTES - 4);
        return HEAD_BYTES + in.length(1);
    }

    /** What the bytes say about themselves. */
    static Schema schema(byte[] bytes) throws IOException {
        head(bytes);
        int end = schemaEnd(bytes);
        RecordInput in = unguarded(bytes, HEAD_BYTES);
        Schema schema = Schema.read(in);
        if (in.offset() != end) {
            throw new StreamCorruptedException("the schema has another length: length=" + (end - HEAD_BYTES) + ", read="
                    + (in.offset() - HEAD_BYTES));
        }
        return schema;
    }

    /** For schemas, and for whoever only looks: lengths are bounded by the bytes all the same. */
    static RecordInput unguarded(byte[] bytes, int offset) {
        return new RecordInput(bytes, offset, (type, length) -> {});
    }
}
