package dev.holdfast.node.codec;

import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Classes compiled while a test runs, so that there can be two of a name. */
public final class CompiledClasses {

    private final Path directory;

    private CompiledClasses(Path directory) {
        this.directory = directory;
    }

    /** Compiles {@code source}, the text of a public class {@code name} without package, into {@code directory}. */
    public static CompiledClasses compile(Path directory, String name, String source) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(name + ".java");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            boolean done = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjects(file.toFile()))
                    .call();
            if (!done) {
                throw new IllegalArgumentException(messages.toString());
            }
        }
        return new CompiledClasses(directory);
    }

    /** A new loader each time: what one has loaded, the next loads again. */
    public ClassLoader loader() throws MalformedURLException {
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, CompiledClasses.class.getClassLoader());
    }

    /** What the static method {@code make()} of the class returns. */
    public static Object make(ClassLoader loader, String name) throws ReflectiveOperationException {
        return loader.loadClass(name).getMethod("make").invoke(null);
    }
}
