package dev.holdfast.node.codec.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something in a stream. Objects and arrays are filled while they are read and compare by identity: the stream may come back
 * to them, from within themselves too.
 */
abstract class Node {

    private boolean shared;

    /** Whether the stream refers to it again. */
    final boolean isShared() {
        return shared;
    }

    final void markShared() {
        shared = true;
    }

    /** {@code null}. */
    static final class Nothing extends Node {
        static final Nothing INSTANCE = new Nothing();

        private Nothing() {}
    }

    /** A primitive value: a number, a Boolean or a Character. */
    static final class Plain extends Node {
        final Object value;

        Plain(Object value) {
            this.value = value;
        }
    }

    /** A string's first characters, and how many bytes all of it has. */
    static final class Text extends Node {
        final String head;
        final boolean whole;
        final long bytes;

        Text(String head, boolean whole, long bytes) {
            this.head = head;
            this.whole = whole;
            this.bytes = bytes;
        }
    }

    /** What a class wrote with the methods of {@link java.io.DataOutput}: the first bytes. */
    static final class Block extends Node {
        final byte[] head;
        final long bytes;

        Block(byte[] head, long bytes) {
            this.head = head;
            this.bytes = bytes;
        }
    }

    /** A constant of an enum. */
    static final class Constant extends Node {
        final String type;
        String name = "?";

        Constant(String type) {
            this.type = type;
        }
    }

    /** A {@link Class} as a value. */
    static final class Type extends Node {
        final String name;

        Type(String name) {
            this.name = name;
        }
    }

    /** Things one after the other, the first of them kept. */
    static final class Sequence extends Node {
        static final int MOST_KEPT = 2_000;

        final List<Node> kept = new ArrayList<>();
        long count;

        void add(Node node) {
            count++;
            if (kept.size() < MOST_KEPT) {
                kept.add(node);
            }
        }
    }

    /** An array; one of primitives has {@link Plain} elements, one of bytes a {@link Block}. */
    static final class Array extends Node {
        final String type;
        final Sequence elements = new Sequence();

        Array(String type) {
            this.type = type;
        }
    }

    /** What one class of an object's hierarchy wrote. */
    static final class Part {
        final String type;
        final Map<String, Node> fields = new LinkedHashMap<>();
        final Sequence written = new Sequence();

        Part(String type) {
            this.type = type;
        }
    }

    /** An object, its parts topmost class first. */
    static final class Instance extends Node {
        final String type;
        final List<Part> parts = new ArrayList<>(1);

        Instance(String type) {
            this.type = type;
        }

        /** The field of that name nearest to the object's own class, else nothing. */
        Node field(String name) {
            for (int i = parts.size() - 1; i >= 0; i--) {
                Node value = parts.get(i).fields.get(name);
                if (value != null) {
                    return value;
                }
            }
            return Nothing.INSTANCE;
        }

        /** What the classes of the hierarchy wrote beside their fields. */
        Sequence written() {
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (parts.get(i).written.count > 0) {
                    return parts.get(i).written;
                }
            }
            return new Sequence();
        }
    }
}
