package dev.holdfast.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultFileTest {
    @TempDir
    Path directory;

    @TempDir
    Path classes;

    private URLClassLoader classPath;

    DefaultFileTest() {
        classPath = new URLClassLoader(new URL[0], null);
    }

    @BeforeEach
    void open() throws IOException {
        classPath = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
    }

    @AfterEach
    void close() throws IOException {
        classPath.close();
    }

    @Test
    void withoutAFileTheDefaultsAreUsed() {
        assertThat(nodeName()).isEqualTo("node-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"holdfast.xml", "holdfast.yaml", "holdfast.yml"})
    void theDirectoryComesBeforeTheClassPath(String name) throws IOException {
        write(classes.resolve(name), "from-class-path");
        assertThat(nodeName()).isEqualTo("from-class-path");
        write(directory.resolve("holdfast.yaml"), "from-directory");
        assertThat(nodeName()).isEqualTo("from-directory");
    }

    @Test
    void severalFilesInOnePlaceAreRefusedNamingThem() throws IOException {
        write(classes.resolve("holdfast.xml"), "a");
        write(classes.resolve("holdfast.yml"), "b");
        assertThatThrownBy(this::nodeName)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("class path")
                .hasMessageContaining("holdfast.xml")
                .hasMessageContaining("holdfast.yml");

        write(directory.resolve("holdfast.yaml"), "one-file-in-the-directory-hides-those");
        assertThat(nodeName()).startsWith("one-file");

        write(directory.resolve("holdfast.xml"), "c");
        assertThatThrownBy(this::nodeName)
                .hasMessageContaining(directory.resolve("holdfast.xml").toString())
                .hasMessageContaining(directory.resolve("holdfast.yaml").toString());
    }

    @Test
    void aMistakeOnTheClassPathNamesTheResource() throws IOException {
        write(classes.resolve("holdfast.yaml"), "not a name");
        assertThatThrownBy(this::nodeName).hasMessageContaining("classpath:holdfast.yaml:1:12: node-name=not a name");
    }

    @Test
    void whatCannotBeReadIsReported() throws IOException {
        assertThatThrownBy(() -> Config.load(directory.resolve("none.yaml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("none.yaml")
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> Config.load(directory.resolve("a.json"))).hasMessageContaining(".xml, .yaml or .yml");
        Path folder = Files.createDirectory(directory.resolve("d.yaml"));
        assertThatThrownBy(() -> Config.load(folder)).hasMessageContaining("is a directory");
    }

    @Test
    void theWorkingDirectoryIsTheOneOfTheProcess() {
        // the build's own directory has no such file
        assertThat(Config.loadDefault().getNodeName()).isEqualTo("node-1");
    }

    private String nodeName() {
        return Config.loadDefault(directory, classPath).getNodeName();
    }

    private static void write(Path file, String nodeName) throws IOException {
        String text = file.toString().endsWith(".xml")
                ? "<holdfast><node-name>" + nodeName + "</node-name></holdfast>"
                : "holdfast: {node-name: " + nodeName + "}";
        Files.writeString(file, text);
    }
}
