package dev.holdfast.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class OutputTest {

    @Test
    void aLineIsCutWithoutItsEscapeSequencesBeingCounted() {
        String red = "\u001b[31mFAILED\u001b[0m";
        assertThat(FramePainter.cut(red, 6)).isEqualTo(red);
        assertThat(FramePainter.cut("12 " + red + " rest", 8)).isEqualTo("12 \u001b[31mFAIL…\u001b[0m");
        assertThat(FramePainter.cut("日本語", 4)).isEqualTo("日…");
    }

    @Test
    void widthsAreThoseOfATerminal() {
        assertThat(TextWidth.of("abc…")).isEqualTo(4);
        assertThat(TextWidth.of("日本")).isEqualTo(4);
        assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.of("\ud83d\ude00")).isEqualTo(2);
    }

    @Test
    void aFullDiskIsToldFromAReaderWhoLeft() {
        assertThat(failing("No space left on device").lost()).isPresent();
        assertThat(failing("Broken pipe").lost()).isEmpty();
        StandardOutput fine = new StandardOutput(OutputStream.nullOutputStream(), false);
        fine.writer().println("x");
        assertThat(fine.lost()).isEmpty();
    }

    private static StandardOutput failing(String message) {
        StandardOutput out = new StandardOutput(
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException(message);
                    }
                },
                false);
        out.writer().println("x");
        return out;
    }
}
