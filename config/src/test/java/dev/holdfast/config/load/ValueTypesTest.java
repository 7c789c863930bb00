package dev.holdfast.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {
    @ParameterizedTest
    @CsvSource({
        "30s,PT30S",
        "100ms,PT0.1S",
        "24h,PT24H",
        "5m,PT5M",
        "1h30m,PT1H30M",
        "1 h 30 m,PT1H30M",
        "2D,PT48H",
        "7us,PT0.000007S",
        "9ns,PT0.000000009S",
        "0,PT0S",
        "PT1.5S,PT1.5S",
        "p1d,PT24H",
        "1_000ms,PT1S"
    })
    void durationsAreReadInBothForms(String text, Duration expected) throws BadValueException {
        assertThat(Durations.TYPE.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "30", "s", "-5s", "1.5s", "5 parsecs", "PT", "999999999999999999d", "10s10", "infinite"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> Durations.TYPE.parse(text)).isInstanceOf(BadValueException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "64MiB,67108864",
        "256KB,256000",
        "256 kib,262144",
        "4096,4096",
        "4_096,4096",
        "1.5GiB,1610612736",
        "12B,12",
        "2TB,2000000000000",
        "0,0"
    })
    void sizesAreReadInBothKindsOfUnits(String text, long expected) throws BadValueException {
        assertThat(Sizes.TYPE.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "64M", "1.5", "0.3B", "9999999TiB", "5 potatoes", "1e3", "0x10"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> Sizes.TYPE.parse(text)).isInstanceOf(BadValueException.class);
    }

    @Test
    void anAmbiguousUnitSuggestsTheBinaryOne() {
        assertThat(Sizes.TYPE.suggest("64m")).isEqualTo("64MiB");
        assertThat(Sizes.TYPE.suggest("64 potatoes")).isNull();
        assertThat(Durations.TYPE.suggest("30")).isEqualTo("30s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.0", "1,000", "0x10", "_1", "1__0", "2147483648", "one", "1e3", "٣"})
    void otherNumbersAreRefused(String text) {
        assertThatThrownBy(() -> ValueTypes.INT.parse(text)).isInstanceOf(BadValueException.class);
    }

    @Test
    void whatIsPrintedIsReadAgain() throws BadValueException {
        long seed = 4711;
        SplittableRandom random = new SplittableRandom(seed);
        long[] units = {
            1, 1_000, 1_000_000, 1_000_000_000L, 60_000_000_000L, 3_600_000_000_000L, 1 << 10, 1 << 20, 1 << 30
        };
        for (int round = 0; round < 2_000; round++) {
            long number = random.nextLong(1, 1_000_000) * units[random.nextInt(units.length)];
            Duration duration = Duration.ofNanos(number);
            String as = "seed=" + seed + " number=" + number;
            assertThat(Durations.TYPE.parse(Durations.TYPE.print(duration)))
                    .as(as)
                    .isEqualTo(duration);
            assertThat(Sizes.TYPE.parse(Sizes.TYPE.print(number))).as(as).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5710,true",
        "node-1.example.com:1,true",
        "[::1]:5710,true",
        "[fe80::1%eth0]:5710,true",
        "::1:5710,false",
        "host,false",
        "host:,false",
        "host:0,false",
        "host:65536,false",
        ":5710,false",
        "http://host:1,false"
    })
    void endpointsHaveAHostAndAPort(String text, boolean expected) {
        assertThat(Endpoints.isEndpoint(text)).isEqualTo(expected);
    }
}
