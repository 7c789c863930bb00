package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternsTest {
    @ParameterizedTest
    @CsvSource({
        "*,'',true",
        "*,abc,true",
        "a*,a,true",
        "a*,ba,false",
        "*a,ba,true",
        "a*c,abbc,true",
        "a*c,abb,false",
        "a*b*c,aXbYbZc,true",
        "a**c,ac,true",
        "a.c,abc,false",
        "a+,aa,false",
        "abc,abc,true",
        "abc,ab,false",
        "*ab,aab,true"
    })
    void aStarStandsForAnyCharactersAndNothingElseIsSpecial(String pattern, String name, boolean matches) {
        assertThat(NamePatterns.matches(pattern, name)).isEqualTo(matches);
    }

    @Test
    void aHostilePatternTakesNoTime() {
        String name = "a".repeat(255);
        String pattern = "*a".repeat(100) + "b";
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThat(NamePatterns.matches(pattern, name)).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.Job,com.acme.Job,true",
        "com.acme.Job,com.acme.Job2,false",
        "com.acme.*,com.acme.Job,true",
        "com.acme.*,com.acme.x.Job,false",
        "com.acme.*,com.acmex.Job,false",
        "com.acme.**,com.acme.x.Job,true",
        "com.acme.**,com.acme.Job$Inner,true",
        "com.acme.**,com.acmex.Job,false",
        "com.acme.Jo*,com.acme.Job,true",
        "**,anything.At,true"
    })
    void classesAreAdmittedByTheListedPatternsOnly(String pattern, String className, boolean admitted) {
        assertThat(new SerializationConfig().addAllowedClasses(pattern).allows(className))
                .isEqualTo(admitted);
        assertThat(NamePatterns.isClassPattern(pattern)).isTrue();
        assertThat(new SerializationConfig().allows(className)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"!java.*", "com..acme", "com.acme.***", "a b", "maxdepth=5", "com.*.Job", ".a", "a;b", "1a"})
    void otherPatternsOfClassesAreRefused(String pattern) {
        assertThat(NamePatterns.isClassPattern(pattern)).isFalse();
    }
}
