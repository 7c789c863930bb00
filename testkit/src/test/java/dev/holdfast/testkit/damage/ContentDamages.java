package dev.holdfast.testkit.damage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/** What can happen to the bytes of one file: flipped bits, truncation, zeroed and swapped pages. */
final class ContentDamages {

    /** What a disk writes at once, at least. */
    private static final int SECTOR = 512;

    private final String file;
    private final Image.Content content;
    private final long from;
    private final long end;
    private final LongPredicate ours;

    /**
     * @param from where what is ours begins
     * @param end behind the last byte that was written
     * @param ours which places mean something
     */
    private ContentDamages(String file, Image.Content content, long from, long end, LongPredicate ours) {
        this.file = file;
        this.content = content;
        this.from = from;
        this.end = end;
        this.ours = ours;
    }

    /** Of a segment: Chronicle's own documents come first, ours behind. */
    static ContentDamages ofSegment(String file, Image.Content content) {
        long from = 0;
        while (content.at(from) != 'H'
                || content.at(from + 1) != 'F'
                || content.at(from + 2) != 'L'
                || content.at(from + 3) != 'R') {
            from += 4;
        }
        long begin = from - 4;
        return new ContentDamages(file, content, begin, content.end(), place -> place >= begin);
    }

    /** Of a file that is ours from its first byte to its last. */
    static ContentDamages ofFile(String file, Image.Content content) {
        return new ContentDamages(file, content, 0, content.size(), place -> true);
    }

    /** Of one of the small files, of which the first bytes of some pages mean something. */
    static ContentDamages ofPages(String file, Image.Content content, int bytes) {
        return new ContentDamages(file, content, 0, content.size(), place -> place % Image.PAGE < bytes);
    }

    /** Bytes of what is ours. */
    long extent() {
        return end - from;
    }

    /** Every bit of what is ours, and of what else is not zero. */
    Family flips(int weight) {
        return flips("flip " + file, weight, place -> ours.test(place) || content.at(place) != 0);
    }

    /** Every bit of the zeros that are none of ours: there are many, and most mean nothing. */
    Family flipsOfZeros(int weight) {
        return flips("flip zeros of " + file, weight, place -> !ours.test(place) && content.at(place) == 0);
    }

    private Family flips(String name, int weight, LongPredicate which) {
        long[] places = LongStream.range(0, end).filter(which).toArray();
        return new Family(
                name, weight, 8 * places.length, 1, number -> flip(places[number / 8], 1 << number % 8, number % 8));
    }

    private Damage flip(long place, int mask, int bit) {
        return damage("bit " + bit + " flipped", place, (random, directory) -> {
            random.seek(place);
            int before = random.read();
            random.seek(place);
            random.write(before ^ mask);
        });
    }

    /** @param first place that changes */
    private Damage damage(String how, long first, OnFile change) {
        return Damage.in(file, ours.test(first) ? how : how + " " + Damage.CHRONICLE, first, changing(change));
    }

    /** To every length within what is ours, and to every sector besides. */
    Family truncations(int weight) {
        long[] lengths = LongStream.range(0, end)
                .filter(length -> ours.test(length) || length % SECTOR == 0)
                .toArray();
        return new Family("truncate " + file, weight, lengths.length, 1, number -> {
            long length = lengths[number];
            return damage("truncated", length, (random, directory) -> random.setLength(length));
        });
    }

    /** Every page and every sector that holds something. */
    Family zeroes(int weight) {
        List<long[]> blocks = new ArrayList<>();
        for (int size : new int[] {Image.PAGE, SECTOR}) {
            for (long place = 0; place < end; place += size) {
                if (!isZero(place, size)) {
                    blocks.add(new long[] {place, Math.min(size, end - place)});
                }
            }
        }
        return new Family("zero " + file, weight, blocks.size(), 1, number -> {
            long[] block = blocks.get(number);
            return damage(
                    block[1] + " bytes zeroed",
                    firstChange(block[0], new byte[(int) block[1]]),
                    (random, directory) -> {
                        random.seek(block[0]);
                        random.write(new byte[(int) block[1]]);
                    });
        });
    }

    /** Every two pages, and every two sectors of what is ours, that are not the same. */
    Family swaps(int weight) {
        List<long[]> pairs = new ArrayList<>();
        addPairs(pairs, 0, Image.PAGE);
        addPairs(pairs, from - from % SECTOR, SECTOR);
        return new Family("swap " + file, weight, pairs.size(), 1, number -> {
            long[] pair = pairs.get(number);
            int size = (int) pair[2];
            return damage(
                    size + " bytes swapped with those at " + pair[1],
                    Math.min(firstChange(pair[0], bytes(pair[1], size)), firstChange(pair[1], bytes(pair[0], size))),
                    (random, directory) -> {
                        random.seek(pair[0]);
                        random.write(bytes(pair[1], size));
                        random.seek(pair[1]);
                        random.write(bytes(pair[0], size));
                    });
        });
    }

    private void addPairs(List<long[]> pairs, long first, int size) {
        for (long one = first; one + size <= content.size() && one < end; one += size) {
            for (long two = one + size; two + size <= content.size() && two < end; two += size) {
                if (!Arrays.equals(bytes(one, size), bytes(two, size))) {
                    pairs.add(new long[] {one, two, size});
                }
            }
        }
    }

    private long firstChange(long place, byte[] with) {
        byte[] before = bytes(place, with.length);
        int same = Arrays.mismatch(before, with);
        return same < 0 ? place : place + same;
    }

    private boolean isZero(long place, int size) {
        return Arrays.equals(bytes(place, size), new byte[size]);
    }

    private byte[] bytes(long place, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size && place + i < content.size(); i++) {
            bytes[i] = content.at(place + i);
        }
        return bytes;
    }

    private interface OnFile {
        void change(RandomAccessFile random, Path directory) throws IOException;
    }

    private Damage.Change changing(OnFile change) {
        return directory -> {
            try (RandomAccessFile random =
                    new RandomAccessFile(directory.resolve(file).toFile(), "rw")) {
                change.change(random, directory);
            }
        };
    }

    static Family of(String name, int weight, List<Damage> all) {
        IntFunction<Damage> at = all::get;
        return new Family(name, weight, all.size(), 1, at);
    }
}
