package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;

/** Values of {@code java.time} that are a number or two. */
final class TimeTypes {

    static final List<ValueType> ALL = List.of(
            new Seconds('N', Instant.class),
            new Seconds('P', Duration.class),
            new Days(),
            new NanosOfDay(),
            new DayAndTime());

    private TimeTypes() {}

    /** Instants and durations. */
    private static final class Seconds extends ValueType {
        Seconds(int code, Class<?> type) {
            super(code, type);
        }

        @Override
        long size(Object value) {
            return 12;
        }

        @Override
        void write(RecordOutput out, Object value) {
            boolean isInstant = value instanceof Instant;
            out.writeLong(isInstant ? ((Instant) value).getEpochSecond() : ((Duration) value).getSeconds());
            out.writeInt(isInstant ? ((Instant) value).getNano() : ((Duration) value).getNano());
        }

        @Override
        Object read(RecordInput in) throws IOException {
            long seconds = in.signedLong();
            int nanos = in.signedInt();
            return type == Instant.class ? Instant.ofEpochSecond(seconds, nanos) : Duration.ofSeconds(seconds, nanos);
        }
    }

    private static final class Days extends ValueType {
        Days() {
            super('L', LocalDate.class);
        }

        @Override
        long size(Object value) {
            return 8;
        }

        @Override
        void write(RecordOutput out, Object value) {
            out.writeLong(((LocalDate) value).toEpochDay());
        }

        @Override
        Object read(RecordInput in) throws IOException {
            return LocalDate.ofEpochDay(in.signedLong());
        }
    }

    private static final class NanosOfDay extends ValueType {
        NanosOfDay() {
            super('O', LocalTime.class);
        }

        @Override
        long size(Object value) {
            return 8;
        }

        @Override
        void write(RecordOutput out, Object value) {
            out.writeLong(((LocalTime) value).toNanoOfDay());
        }

        @Override
        Object read(RecordInput in) throws IOException {
            return LocalTime.ofNanoOfDay(in.signedLong());
        }
    }

    private static final class DayAndTime extends ValueType {
        DayAndTime() {
            super('A', LocalDateTime.class);
        }

        @Override
        long size(Object value) {
            return 16;
        }

        @Override
        void write(RecordOutput out, Object value) {
            LocalDateTime both = (LocalDateTime) value;
            out.writeLong(both.toLocalDate().toEpochDay());
            out.writeLong(both.toLocalTime().toNanoOfDay());
        }

        @Override
        Object read(RecordInput in) throws IOException {
            return LocalDateTime.of(LocalDate.ofEpochDay(in.signedLong()), LocalTime.ofNanoOfDay(in.signedLong()));
        }
    }
}
