package dev.holdfast.node.codec.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.holdfast.DurableCallable;
import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamStructureTest {

    record Point(int x, int y) implements Serializable {}

    record Nothing() implements Serializable {}

    static class Base implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        final String name = "of the base";
        final transient String secret = "not written";
    }

    static final class Order extends Base {
        @Serial
        private static final long serialVersionUID = 1;

        final long id = 7;
        final char grade = 'a';
        final double price = 1.5;
        final boolean open = true;
        final byte[] scan = {1, 2, (byte) 0xff};
        final int[] parts = {3, 4};
        final String name = "of the order";
        final @Nullable Object nothing = null;
        final Thread.State state = Thread.State.WAITING;
        final Class<?> type = String[].class;
    }

    static final class Chain implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        @Nullable
        Object next;
    }

    static final class WritesByItself implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        final String unwritten = "skipped";

        @Serial
        private void writeObject(java.io.ObjectOutputStream out) throws IOException {
            out.writeInt(258);
            out.writeObject("more");
            out.writeByte(9);
        }
    }

    public static final class Outside implements Externalizable {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeUTF("x");
            out.writeObject(List.of(1));
        }

        @Override
        public void readExternal(ObjectInput in) {
            throw new AssertionError("nothing is read by its own code");
        }
    }

    @Test
    void anObjectIsItsClassAndItsFieldsTopmostFirst() throws IOException {
        assertThat(map(new Order()))
                .containsExactly(
                        entry("class", Order.class.getName()),
                        entry("name", "of the base"),
                        entry("grade", "a"),
                        entry("id", 7L),
                        entry("open", true),
                        entry("price", 1.5),
                        entry(Order.class.getName() + ".name", "of the order"),
                        entry("nothing", null),
                        entry("parts", List.of(3, 4)),
                        entry("scan", "bytes(3) 0102ff"),
                        entry("state", "java.lang.Thread$State.WAITING"),
                        entry("type", "class java.lang.String[]"));
        assertThat(map(new Point(1, -2)))
                .containsExactly(entry("class", Point.class.getName()), entry("x", 1), entry("y", -2));
        assertThat(map(new Nothing())).containsExactly(entry("class", Nothing.class.getName()));
    }

    @Test
    void valuesOfTheJdkAreWhatTheyStandFor() throws IOException {
        ZonedDateTime zoned = ZonedDateTime.of(2026, 11, 22, 3, 4, 5, 6, ZoneId.of("Europe/Zurich"));
        LocalDateTime local = zoned.toLocalDateTime();
        List<Object> texts = List.of(
                new BigInteger("-123456789012345678901234567890"),
                new BigDecimal("-12.340"),
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                URI.create("http://localhost/x"),
                Duration.ofMillis(-1500),
                Instant.parse("2026-11-22T03:04:05.000000006Z"),
                LocalDate.of(2026, 11, 22),
                LocalTime.of(0, 0),
                LocalTime.of(3, 4),
                LocalTime.of(3, 4, 5),
                LocalTime.of(3, 4, 5, 6),
                local,
                ZoneOffset.ofHoursMinutesSeconds(-1, -2, -3),
                zoned,
                ZonedDateTime.of(local, ZoneOffset.ofHours(2)),
                OffsetDateTime.of(local, ZoneOffset.UTC),
                OffsetTime.of(LocalTime.of(1, 2), ZoneOffset.ofHours(1)),
                ZoneId.of("Europe/Zurich"),
                Year.of(2026),
                YearMonth.of(2026, 11),
                MonthDay.of(11, 22),
                Period.of(1, 2, 3));
        for (Object text : texts) {
            assertThat(show(text)).as(text.getClass().getName()).isEqualTo(text.toString());
        }
        for (Object plain : List.of(1, 2L, (short) 3, (byte) 4, 5.5, 6.5f, true, "seven", "é€😀\u0000")) {
            assertThat(show(plain)).as(plain.getClass().getName()).isEqualTo(plain);
        }
        assertThat(show(null)).isNull();
        assertThat(show('x')).isEqualTo("x");
        assertThat(show(Double.NaN)).isEqualTo("NaN");
        assertThat(show(new AtomicLong(9))).isEqualTo(9L);
        assertThat(show(new Date(0))).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(show(Locale.CANADA_FRENCH)).isEqualTo("fr-CA");
        assertThat(show(DayOfWeek.MONDAY)).isEqualTo("java.time.DayOfWeek.MONDAY");
    }

    @Test
    void collectionsAreLists() throws IOException {
        List<Integer> some = List.of(1, 2, 3);
        List<Object> all = List.of(
                some,
                List.of(1),
                new ArrayList<>(some),
                new LinkedList<>(some),
                new ArrayDeque<>(some),
                new Vector<>(some),
                new CopyOnWriteArrayList<>(some),
                new LinkedHashSet<>(some),
                new TreeSet<>(some),
                Arrays.asList(1, 2, 3),
                Collections.unmodifiableList(new ArrayList<>(some)),
                Collections.singletonList(1),
                Collections.emptyList(),
                Set.of(),
                new Integer[] {1, 2, 3},
                new int[] {1, 2, 3});
        for (Object each : all) {
            List<?> expected = each instanceof java.util.Collection<?> collection ? new ArrayList<>(collection) : some;
            assertThat(show(each)).as(each.getClass().getName()).isEqualTo(expected);
        }
        assertThat((List<?>) show(Set.of("a", "b"))).asString().contains("a", "b");
    }

    @Test
    void mapsAreMapsWhereTheirKeysAreTexts() throws IOException {
        Map<String, Integer> some = new TreeMap<>(Map.of("a", 1, "b", 2));
        Map<Thread.State, Integer> ofEnum = new EnumMap<>(Map.of(Thread.State.NEW, 1));
        for (Map<?, ?> each : List.of(
                some,
                Map.of("a", 1),
                new HashMap<>(some),
                new LinkedHashMap<>(some),
                new ConcurrentHashMap<>(some),
                new java.util.Hashtable<>(some),
                Collections.unmodifiableMap(some),
                Collections.singletonMap("a", 1),
                Collections.emptyMap())) {
            assertThat(show(each)).as(each.getClass().getName()).isEqualTo(each);
        }
        assertThat(show(ofEnum)).isEqualTo(Map.of("java.lang.Thread$State.NEW", 1));
        assertThat(show(Map.of(new Point(1, 2), "p")))
                .isEqualTo(
                        List.of(Map.of("key", Map.of("class", Point.class.getName(), "x", 1, "y", 2), "value", "p")));
        Map<Object, Object> alike = new LinkedHashMap<>();
        alike.put(1, "number");
        alike.put("1", "text");
        assertThat(show(alike))
                .isEqualTo(List.of(Map.of("key", 1, "value", "number"), Map.of("key", "1", "value", "text")));
    }

    @Test
    void aLambdaNamesItsMethodAndWhatItCaptured() throws IOException {
        String captured = "captured text";
        int number = 5;
        DurableCallable<String> lambda = () -> captured + number;
        Map<String, @Nullable Object> shown = map(lambda);
        assertThat(shown.get("lambda")).asString().startsWith(StreamStructureTest.class.getName() + ".lambda$");
        assertThat(shown)
                .containsEntry("interface", DurableCallable.class.getName() + ".call")
                .containsEntry("captured", List.of("captured text", 5))
                .containsEntry("signature", "(Ljava/lang/String;I)Ljava/lang/String;");
        DurableCallable<Integer> reference = "text"::length;
        assertThat(map(reference))
                .containsEntry("lambda", "java.lang.String.length")
                .containsEntry("captured", List.of("text"));
    }

    @Test
    void whatOccursAgainIsReferredTo() throws IOException {
        Point twice = new Point(1, 2);
        List<Integer> list = new ArrayList<>(List.of(5));
        assertThat(show(new Object[] {twice, twice, list, list, "same", "same"}))
                .isEqualTo(List.of(
                        Map.of("class", Point.class.getName() + " &1", "x", 1, "y", 2),
                        "*1",
                        Map.of("class", "java.util.ArrayList &2", "elements", List.of(5)),
                        "*2",
                        "same",
                        "same"));
        Chain ring = new Chain();
        ring.next = ring;
        assertThat(map(ring)).containsExactly(entry("class", Chain.class.getName() + " &1"), entry("next", "*1"));
    }

    @Test
    void whatAClassWroteByItselfIsShownAsItIs() throws IOException {
        assertThat(map(new WritesByItself()))
                .containsEntry("written", List.of("bytes(4) 00000102", "more", "bytes(1) 09"))
                .doesNotContainKey("unwritten");
        assertThat(map(new Outside())).containsEntry("written", List.of("bytes(3) 000178", List.of(1)));
    }

    @Test
    void aProxyNamesItsInterfaces() throws IOException {
        Object proxy = Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Runnable.class, Function.class},
                (java.lang.reflect.InvocationHandler & Serializable) (self, method, arguments) -> null);
        assertThat(map(proxy).get("class")).isEqualTo("proxy of (java.lang.Runnable, java.util.function.Function)");
        assertThat(map(proxy)).containsKey("h");
    }

    @Test
    void aThrowableShowsItsMessageAndWhereItIsFrom() throws IOException {
        Map<String, @Nullable Object> shown = map(new IllegalStateException("outer", new IOException("inner")));
        assertThat(shown).containsEntry("detailMessage", "outer");
        assertThat(shown.get("cause")).asString().contains("java.io.IOException", "inner");
        assertThat(shown.get("stackTrace")).asString().contains("StreamStructureTest.java:");
    }

    @Test
    void whatIsLongIsCutAndSaysSo() throws IOException {
        assertThat(show("x".repeat(70_000)))
                .asString()
                .endsWith("x... (70000 bytes)")
                .hasSizeLessThan(2_100);
        assertThat((List<?>) show(IntStream.range(0, 9_999).boxed().collect(Collectors.toList())))
                .hasSize(201)
                .last()
                .isEqualTo("... (9799 more)");
        assertThat(show(new byte[100_000]))
                .asString()
                .startsWith("bytes(100000) 0000")
                .endsWith("...");
        assertThat((List<?>) show(new long[100_000])).last().isEqualTo("... (99800 more)");
        Map<Integer, String> many = IntStream.range(0, 9_999).boxed().collect(Collectors.toMap(i -> i, i -> "v"));
        assertThat(map(many)).hasSize(201).containsEntry("...", "... (9799 more)");
    }

    @Test
    void aDeepChainIsShownAsFarAsItIsLookedAt() throws IOException {
        Chain first = new Chain();
        for (int i = 0; i < 300; i++) {
            Chain next = new Chain();
            next.next = first;
            first = next;
        }
        StreamStructure structure = StreamStructure.of(bytes(first), 0, 1);
        assertThat(structure.problem()).contains("nested deeper than is looked at: limit=200");
        assertThat(String.valueOf(structure.values().get(0)))
                .startsWith("{class=" + Chain.class.getName())
                .endsWith("...}" + "}".repeat(32));
    }

    @Test
    void ofAStreamThatEndsEarlyThereIsWhatCameBefore() throws IOException {
        byte[] whole = bytes(new Order());
        StreamStructure structure = StreamStructure.of(Arrays.copyOf(whole, whole.length - 1), 0, 1);
        assertThat(structure.problem()).startsWith("it ends early: offset=");
        assertThat(String.valueOf(structure.values().get(0))).contains("name=of the base", "price=1.5");
        assertThat(StreamStructure.of(new byte[0], 0, 1).problem()).contains("no stream of Java serialisation");
        assertThat(StreamStructure.of("anything".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 1)
                        .problem())
                .contains("no stream of Java serialisation: magic=616e");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> map(Object value) throws IOException {
        return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(show(value));
    }

    private static @Nullable Object show(@Nullable Object value) throws IOException {
        StreamStructure structure = StreamStructure.of(bytes(value), 0, 1);
        assertThat(structure.problem()).isNull();
        return structure.values().get(0);
    }

    static byte[] bytes(@Nullable Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }
}
