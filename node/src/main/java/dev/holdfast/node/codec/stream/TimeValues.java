package dev.holdfast.node.codec.stream;

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
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The dense form of {@code java.time}, as {@code java.time.Ser} documents it. */
final class TimeValues {

    private static final int LONGEST_NAME = 100;
    private static final int WHOLE_OFFSET = 127;
    private static final int QUARTER_HOUR_SECONDS = 900;

    private final Cursor in;

    private TimeValues(byte[] block) {
        this.in = new Cursor(block, 0);
    }

    /** As its {@code toString} says it, or null if it is of no known kind. */
    static @Nullable String of(byte[] block) throws StreamProblem {
        TimeValues values = new TimeValues(block);
        return values.value(values.in.unsignedByte());
    }

    private @Nullable String value(int kind) throws StreamProblem {
        return switch (kind) {
            case 1 -> Duration.ofSeconds(in.signedLong(), in.signedInt()).toString();
            case 2 -> Instant.ofEpochSecond(in.signedLong(), in.signedInt()).toString();
            case 3 -> date().toString();
            case 4 -> time().toString();
            case 5 -> LocalDateTime.of(date(), time()).toString();
            case 6 -> zoned();
            case 7 -> in.text(in.unsignedShort(), LONGEST_NAME);
            case 8 -> offset().toString();
            case 9 -> OffsetTime.of(time(), offset()).toString();
            case 10 -> OffsetDateTime.of(date(), time(), offset()).toString();
            case 11 -> Year.of(in.signedInt()).toString();
            case 12 -> YearMonth.of(in.signedInt(), in.unsignedByte()).toString();
            case 13 -> MonthDay.of(in.unsignedByte(), in.unsignedByte()).toString();
            case 14 -> Period.of(in.signedInt(), in.signedInt(), in.signedInt()).toString();
            default -> null;
        };
    }

    private LocalDate date() throws StreamProblem {
        return LocalDate.of(in.signedInt(), in.unsignedByte(), in.unsignedByte());
    }

    /** Ends at the last part that is not zero, and says so with the complement of that part. */
    private LocalTime time() throws StreamProblem {
        int hour = (byte) in.unsignedByte();
        if (hour < 0) {
            return LocalTime.of(~hour, 0);
        }
        int minute = (byte) in.unsignedByte();
        if (minute < 0) {
            return LocalTime.of(hour, ~minute);
        }
        int second = (byte) in.unsignedByte();
        return second < 0 ? LocalTime.of(hour, minute, ~second) : LocalTime.of(hour, minute, second, in.signedInt());
    }

    private ZoneOffset offset() throws StreamProblem {
        int quarters = (byte) in.unsignedByte();
        return ZoneOffset.ofTotalSeconds(quarters == WHOLE_OFFSET ? in.signedInt() : quarters * QUARTER_HOUR_SECONDS);
    }

    private String zoned() throws StreamProblem {
        String local = LocalDateTime.of(date(), time()) + offset().toString();
        String zone = value(in.unsignedByte());
        return local.endsWith(String.valueOf(zone)) ? local : local + "[" + zone + "]";
    }
}
