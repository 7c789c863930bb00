package dev.holdfast.node.codec.records;

import java.io.IOException;

/** Finds classes, and says what may be read. */
public interface ReadGuard {

    /** Without initialising it. */
    Class<?> resolve(String className) throws ClassNotFoundException;

    /**
     * Asked about every class before a constructor of it runs, and about every array before it is made.
     *
     * @param arrayLength -1 of what is no array
     * @param depth of the whole graph, as are {@code references} and {@code bytes}
     * @throws IOException it is refused
     */
    void admit(Class<?> type, long arrayLength, int depth, int references, int bytes) throws IOException;
}
