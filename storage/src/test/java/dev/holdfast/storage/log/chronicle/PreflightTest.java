package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.ErrorCode;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreflightTest {

    @Test
    void thePlatformsThatAreServedPass() {
        assertThatCode(() -> Preflight.checkPlatform(17, "Linux", "amd64", "64"))
                .doesNotThrowAnyException();
        assertThatCode(() -> Preflight.checkPlatform(25, "Mac OS X", "aarch64", "64"))
                .doesNotThrowAnyException();
        assertThatCode(() -> Preflight.checkPlatform(21, "Linux", "aarch64", ""))
                .doesNotThrowAnyException();
    }

    @Test
    void anOldJdkAnotherSystemAndANarrowOneAreNamed() {
        assertThatThrownBy(() -> Preflight.checkPlatform(11, "Linux", "amd64", "64"))
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining("java=11");
        assertThatThrownBy(() -> Preflight.checkPlatform(17, "Windows 11", "amd64", "64"))
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining("os=Windows 11");
        assertThatThrownBy(() -> Preflight.checkPlatform(17, "Linux", "arm", "32"))
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining("64-bit");
    }

    @Test
    void itsCodesAreThoseOfTheEnum() {
        assertThat(ErrorCode.FLAG_MISSING.id()).isEqualTo(PreflightException.FLAG_MISSING);
        assertThat(ErrorCode.PLATFORM_UNSUPPORTED.id()).isEqualTo(PreflightException.PLATFORM_UNSUPPORTED);
        assertThat(ErrorCode.CHRONICLE_HIDDEN.id()).isEqualTo(PreflightException.CHRONICLE_HIDDEN);
        assertThat(ErrorCode.NATIVE_ACCESS_DENIED.id()).isEqualTo(PreflightException.NATIVE_ACCESS_DENIED);
        assertThat(new PreflightException("HF-0201", "one line")).hasMessage("one line [HF-0201]");
        assertThat(new PreflightException("HF-0201", "one\ntwo\n")).hasMessage("one [HF-0201]\ntwo\n");
    }

    @Test
    void aPathWithASpaceIsQuotedAsItsReaderUnderstands() {
        assertThat(FlagAdvice.forMissingFlag(Optional.of(Path.of("/my jars/holdfast.jar")), false))
                .contains("JDK_JAVA_OPTIONS=\"'-javaagent:/my jars/holdfast.jar'\"")
                .contains("Add VM options: \"-javaagent:/my jars/holdfast.jar\"\n");
    }

    @Test
    void thisVeryJvmPasses() {
        assertThatCode(Preflight::check).doesNotThrowAnyException();
        assertThatCode(ChronicleRuntime::start).doesNotThrowAnyException();
        assertThat(System.getProperty("chronicle.table.store.timeoutMS")).isEqualTo("10000");
    }
}
