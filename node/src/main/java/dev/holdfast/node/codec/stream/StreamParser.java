package dev.holdfast.node.codec.stream;

import static java.io.ObjectStreamConstants.SC_SERIALIZABLE;
import static java.io.ObjectStreamConstants.STREAM_MAGIC;
import static java.io.ObjectStreamConstants.STREAM_VERSION;
import static java.io.ObjectStreamConstants.TC_ARRAY;
import static java.io.ObjectStreamConstants.TC_BLOCKDATA;
import static java.io.ObjectStreamConstants.TC_BLOCKDATALONG;
import static java.io.ObjectStreamConstants.TC_CLASS;
import static java.io.ObjectStreamConstants.TC_CLASSDESC;
import static java.io.ObjectStreamConstants.TC_ENDBLOCKDATA;
import static java.io.ObjectStreamConstants.TC_ENUM;
import static java.io.ObjectStreamConstants.TC_EXCEPTION;
import static java.io.ObjectStreamConstants.TC_LONGSTRING;
import static java.io.ObjectStreamConstants.TC_NULL;
import static java.io.ObjectStreamConstants.TC_OBJECT;
import static java.io.ObjectStreamConstants.TC_PROXYCLASSDESC;
import static java.io.ObjectStreamConstants.TC_REFERENCE;
import static java.io.ObjectStreamConstants.TC_RESET;
import static java.io.ObjectStreamConstants.TC_STRING;
import static java.io.ObjectStreamConstants.baseWireHandle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The protocol, by recursive descent. A node is handed on before it is filled, so that what came before a problem is there.
 *
 * <p>Limits: what was read is bounded by the length of the bytes (each length is checked against what is left), the nodes
 * that are kept by {@link #MOST_OBJECTS} and {@link Node.Sequence#MOST_KEPT}, the stack by {@link #DEEPEST}.
 */
final class StreamParser {

    static final int DEEPEST = 200;
    static final int MOST_OBJECTS = 200_000;

    private static final int LONGEST_TEXT = 2_000;
    private static final int LONGEST_BLOCK = 1_024;
    private static final int LONGEST_NAME = 1_000;

    private final Cursor in;
    private final List<Object> handles = new ArrayList<>();
    private int objects;

    StreamParser(byte[] bytes, int offset) {
        this.in = new Cursor(bytes, offset);
    }

    /** Reads {@code count} values. */
    void read(int count, Consumer<Node> sink) throws StreamProblem {
        if (in.left() < 4) {
            throw new StreamProblem("it is no stream of Java serialisation: bytes=" + in.left());
        }
        int magic = in.unsignedShort();
        int version = in.unsignedShort();
        if (magic != (STREAM_MAGIC & 0xffff) || version != STREAM_VERSION) {
            throw new StreamProblem("it is no stream of Java serialisation: magic=" + Integer.toHexString(magic)
                    + ", version=" + version);
        }
        for (int i = 0; i < count; i++) {
            content(0, sink);
        }
    }

    private void content(int depth, Consumer<Node> sink) throws StreamProblem {
        if (depth > DEEPEST) {
            throw problem("it is nested deeper than is looked at: limit=" + DEEPEST);
        }
        int tag = in.unsignedByte();
        while (tag == TC_RESET) {
            handles.clear();
            tag = in.unsignedByte();
        }
        switch (tag) {
            case TC_NULL -> sink.accept(Node.Nothing.INSTANCE);
            case TC_REFERENCE -> sink.accept(referenced());
            case TC_STRING -> sink.accept(registered(text(in.unsignedShort())));
            case TC_LONGSTRING -> sink.accept(registered(text(in.signedLong())));
            case TC_CLASS ->
                sink.accept(registered(new Node.Type(known(shape(depth)).name())));
            case TC_CLASSDESC, TC_PROXYCLASSDESC ->
                sink.accept(new Node.Type(newShape(tag, depth).name()));
            case TC_ENUM -> constant(depth, sink);
            case TC_ARRAY -> array(depth, sink);
            case TC_OBJECT -> instance(depth, sink);
            case TC_EXCEPTION -> throw problem("its writer failed while it wrote");
            default -> throw problem("a value was expected: found=" + Integer.toHexString(tag));
        }
    }

    private Node text(long bytes) throws StreamProblem {
        String head = in.text(bytes, LONGEST_TEXT);
        return new Node.Text(head, bytes <= LONGEST_TEXT || head.length() < LONGEST_TEXT, bytes);
    }

    private void constant(int depth, Consumer<Node> sink) throws StreamProblem {
        Node.Constant constant = new Node.Constant(known(shape(depth)).name());
        register(constant);
        sink.accept(constant);
        constant.name = name(depth);
    }

    private void array(int depth, Consumer<Node> sink) throws StreamProblem {
        Node.Array array = new Node.Array(known(shape(depth)).name());
        register(array);
        sink.accept(array);
        int length = in.signedInt();
        char element = array.type.length() > 1 ? array.type.charAt(1) : '?';
        if (length < 0 || length > in.left()) {
            throw problem("an array has no such length: length=" + length + ", left=" + in.left());
        }
        if (element == 'B') {
            array.elements.count = length;
            array.elements.kept.add(new Node.Block(in.take(length, LONGEST_BLOCK), length));
            return;
        }
        int each = sizeOf(element);
        int looked = each == 0 ? length : Math.min(length, Node.Sequence.MOST_KEPT);
        for (int i = 0; i < looked; i++) {
            value(element, depth, array.elements::add);
        }
        in.take((long) (length - looked) * each, 0);
        array.elements.count = length;
    }

    /** Bytes of a primitive, 0 of anything else. */
    private static int sizeOf(char type) {
        return switch (type) {
            case 'Z' -> 1;
            case 'C', 'S' -> 2;
            case 'I', 'F' -> 4;
            case 'J', 'D' -> 8;
            default -> 0;
        };
    }

    private void instance(int depth, Consumer<Node> sink) throws StreamProblem {
        ClassShape shape = known(shape(depth));
        Node.Instance instance = new Node.Instance(shape.name());
        register(instance);
        sink.accept(instance);
        for (ClassShape each : shape.hierarchy()) {
            if (each.isEndless()) {
                throw problem("a class wrote data without an end: class=" + each.name());
            }
            Node.Part part = new Node.Part(each.name());
            if ((each.hasFields() && !each.fields().isEmpty()) || each.hasAnnotation()) {
                count();
                instance.parts.add(part);
            }
            if (each.hasFields() && !(each.hasAnnotation() && leavesOutItsFields(each))) {
                for (ClassShape.Field field : each.fields()) {
                    count();
                    value(field.type(), depth, node -> part.fields.put(field.name(), node));
                }
            }
            if (each.hasAnnotation()) {
                annotation(depth, part.written);
            }
        }
    }

    /** A class with a writeObject may write no fields at all; where the first is no primitive, the next byte tells. */
    private boolean leavesOutItsFields(ClassShape shape) throws StreamProblem {
        if (shape.fields().isEmpty() || !shape.fields().get(0).isObject()) {
            return false;
        }
        int next = in.peek();
        return next == TC_BLOCKDATA || next == TC_BLOCKDATALONG || next == TC_ENDBLOCKDATA;
    }

    private void value(char type, int depth, Consumer<Node> sink) throws StreamProblem {
        switch (type) {
            case 'B' -> sink.accept(new Node.Plain((byte) in.unsignedByte()));
            case 'C' -> sink.accept(new Node.Plain((char) in.unsignedShort()));
            case 'D' -> sink.accept(new Node.Plain(Double.longBitsToDouble(in.signedLong())));
            case 'F' -> sink.accept(new Node.Plain(Float.intBitsToFloat(in.signedInt())));
            case 'I' -> sink.accept(new Node.Plain(in.signedInt()));
            case 'J' -> sink.accept(new Node.Plain(in.signedLong()));
            case 'S' -> sink.accept(new Node.Plain((short) in.unsignedShort()));
            case 'Z' -> sink.accept(new Node.Plain(in.unsignedByte() != 0));
            case 'L', '[' -> content(depth + 1, sink);
            default -> throw problem("there is no such type of a field: type=" + (int) type);
        }
    }

    /** What a class wrote by itself: blocks of data, joined where they follow each other, and values. */
    private void annotation(int depth, Node.Sequence written) throws StreamProblem {
        Node.@Nullable Block last = null;
        while (true) {
            int next = in.peek();
            if (next == TC_BLOCKDATA || next == TC_BLOCKDATALONG) {
                in.unsignedByte();
                long length = next == TC_BLOCKDATA ? in.unsignedByte() : in.signedInt();
                Node.Block block = joined(last, in.take(length, LONGEST_BLOCK), length);
                if (last != null && written.count <= Node.Sequence.MOST_KEPT) {
                    written.kept.set(written.kept.size() - 1, block);
                } else if (last == null) {
                    written.add(block);
                }
                last = block;
            } else if (next == TC_ENDBLOCKDATA) {
                in.unsignedByte();
                return;
            } else {
                last = null;
                content(depth + 1, written::add);
            }
        }
    }

    private static Node.Block joined(Node.@Nullable Block before, byte[] head, long length) {
        if (before == null) {
            return new Node.Block(head, length);
        }
        int room = Math.min(head.length, LONGEST_BLOCK - before.head.length);
        if (room <= 0) { // millions of small blocks must not copy the head millions of times
            return new Node.Block(before.head, before.bytes + length);
        }
        byte[] all = Arrays.copyOf(before.head, before.head.length + room);
        System.arraycopy(head, 0, all, before.head.length, room);
        return new Node.Block(all, before.bytes + length);
    }

    private @Nullable ClassShape shape(int depth) throws StreamProblem {
        if (depth > DEEPEST) {
            throw problem("it is nested deeper than is looked at: limit=" + DEEPEST);
        }
        int tag = in.unsignedByte();
        return switch (tag) {
            case TC_NULL -> null;
            case TC_REFERENCE -> {
                if (handle() instanceof ClassShape known) {
                    yield known;
                }
                throw problem("a class was expected, it refers to something else");
            }
            case TC_CLASSDESC, TC_PROXYCLASSDESC -> newShape(tag, depth);
            default -> throw problem("a class was expected: found=" + Integer.toHexString(tag));
        };
    }

    private ClassShape newShape(int tag, int depth) throws StreamProblem {
        ClassShape shape = tag == TC_CLASSDESC ? classShape(depth) : proxyShape();
        annotation(depth, new Node.Sequence());
        shape.setParent(shape(depth + 1));
        return shape;
    }

    private ClassShape classShape(int depth) throws StreamProblem {
        ClassShape shape = new ClassShape(in.text(in.unsignedShort(), LONGEST_NAME));
        in.signedLong(); // serialVersionUID
        register(shape);
        shape.setFlags(in.unsignedByte());
        int count = in.unsignedShort();
        for (int i = 0; i < count; i++) {
            count();
            char type = (char) in.unsignedByte();
            ClassShape.Field field = new ClassShape.Field(type, in.text(in.unsignedShort(), LONGEST_NAME));
            shape.fields().add(field);
            if (field.isObject()) {
                name(depth); // its type, which the value knows better
            }
        }
        return shape;
    }

    /** A proxy is an instance of java.lang.reflect.Proxy, whose shape follows as its parent. */
    private ClassShape proxyShape() throws StreamProblem {
        int count = in.signedInt();
        if (count < 0 || count > in.left()) {
            throw problem("a proxy has no such number of interfaces: count=" + count);
        }
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String name = in.text(in.unsignedShort(), LONGEST_NAME);
            if (names.length() < LONGEST_NAME) {
                names.append(i == 0 ? "" : ", ").append(name);
            }
        }
        ClassShape shape = new ClassShape("proxy of (" + names + ")");
        register(shape);
        shape.setFlags(SC_SERIALIZABLE);
        return shape;
    }

    private String name(int depth) throws StreamProblem {
        List<Node> read = new ArrayList<>(1);
        content(depth + 1, read::add);
        if (read.get(0) instanceof Node.Text text) {
            return text.head;
        }
        throw problem("a name was expected");
    }

    private ClassShape known(@Nullable ClassShape shape) throws StreamProblem {
        if (shape == null) {
            throw problem("a class was expected, it is null");
        }
        return shape;
    }

    private Node referenced() throws StreamProblem {
        Object known = handle();
        if (known instanceof Node node) {
            node.markShared();
            return node;
        }
        return new Node.Type(((ClassShape) known).name());
    }

    private Object handle() throws StreamProblem {
        int handle = in.signedInt();
        long index = (long) handle - baseWireHandle;
        if (index < 0 || index >= handles.size()) {
            throw problem("it refers to nothing: handle=" + Integer.toHexString(handle) + ", known=" + handles.size());
        }
        return handles.get((int) index);
    }

    private Node registered(Node node) throws StreamProblem {
        register(node);
        return node;
    }

    private void register(Object nodeOrShape) throws StreamProblem {
        count();
        handles.add(nodeOrShape);
    }

    private void count() throws StreamProblem {
        if (++objects > MOST_OBJECTS) {
            throw problem("it has more objects and fields than are looked at: limit=" + MOST_OBJECTS);
        }
    }

    private StreamProblem problem(String what) {
        return new StreamProblem(what + ", offset=" + in.offset());
    }
}
