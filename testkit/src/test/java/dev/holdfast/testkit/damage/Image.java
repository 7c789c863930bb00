package dev.holdfast.testkit.damage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a small directory in memory, pages of zeros left out: written out anew for every trial. Any thread. */
final class Image {

    static final int PAGE = 4096;

    private final SortedMap<String, Content> entries = new TreeMap<>();

    /** Of a file, or of a directory with a size of -1; {@code pages} by their number. */
    record Content(long size, SortedMap<Integer, byte[]> pages) {

        byte at(long offset) {
            byte[] page = pages.get((int) (offset / PAGE));
            return page == null ? 0 : page[(int) (offset % PAGE)];
        }

        /** Behind the last byte that is not zero. */
        long end() {
            if (pages.isEmpty()) {
                return 0;
            }
            byte[] last = pages.get(pages.lastKey());
            int end = last.length;
            while (last[end - 1] == 0) {
                end--;
            }
            return (long) pages.lastKey() * PAGE + end;
        }
    }

    /** All in {@code root} but sockets. */
    static Image of(Path root) throws IOException {
        Image image = new Image();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String name = root.relativize(path).toString();
                if (Files.isRegularFile(path)) {
                    image.entries.put(name, contentOf(path));
                } else if (Files.isDirectory(path) && !path.equals(root)) {
                    image.entries.put(name + "/", new Content(-1, new TreeMap<>()));
                }
            }
        }
        return image;
    }

    private static Content contentOf(Path path) throws IOException {
        byte[] all = Files.readAllBytes(path);
        SortedMap<Integer, byte[]> pages = new TreeMap<>();
        for (int from = 0; from < all.length; from += PAGE) {
            byte[] page = Arrays.copyOfRange(all, from, Math.min(all.length, from + PAGE));
            for (byte each : page) {
                if (each != 0) {
                    pages.put(from / PAGE, page);
                    break;
                }
            }
        }
        return new Content(all.length, pages);
    }

    void writeTo(Path root) throws IOException {
        for (var entry : entries.entrySet()) {
            Path path = root.resolve(entry.getKey());
            Content content = entry.getValue();
            if (content.size() < 0) {
                Files.createDirectories(path);
                continue;
            }
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                for (var page : content.pages().entrySet()) {
                    file.seek((long) page.getKey() * PAGE);
                    file.write(page.getValue());
                }
                file.setLength(content.size());
            }
        }
    }

    Content file(String name) {
        Content content = entries.get(name);
        if (content == null || content.size() < 0) {
            throw new IllegalArgumentException("No such file: " + name + " of " + entries.keySet());
        }
        return content;
    }

    /** Files that begin with {@code prefix}. */
    List<String> files(String prefix) {
        return entries.keySet().stream()
                .filter(name -> name.startsWith(prefix) && !name.endsWith("/"))
                .toList();
    }

    /** Directories that begin with {@code prefix}, without the slash at their end. */
    List<String> directories(String prefix) {
        return entries.keySet().stream()
                .filter(name -> name.startsWith(prefix) && name.endsWith("/"))
                .map(name -> name.substring(0, name.length() - 1))
                .toList();
    }
}
