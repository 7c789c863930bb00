package dev.holdfast.testkit.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The product, with a mistake in one of its classes, and the tests of its modules, from where the build has put them; all
 * that is not ours is the application's, and warm.
 */
final class MutantLoader extends URLClassLoader {

    private static final List<String> MODULES = List.of("storage", "replication", "node");
    private static final String OURS = "dev.holdfast.";

    private final String changed;
    private final byte[] bytes;

    /** @param changed full name of the class that is made of {@code bytes}; empty for none */
    MutantLoader(String changed, byte[] bytes) {
        super(testClasses(), MutantLoader.class.getClassLoader());
        this.changed = changed;
        this.bytes = bytes;
    }

    private static URL[] testClasses() {
        Path checkout = Path.of(System.getProperty("holdfast.checkout", "..")).toAbsolutePath();
        return MODULES.stream()
                .map(module -> checkout.resolve(module).resolve("target/test-classes"))
                .map(MutantLoader::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(
                    "The tests that a mistake has to fail are not built: folder=" + folder + "; run with -am");
        }
        try {
            return folder.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                loaded = name.startsWith(OURS) ? define(name) : super.loadClass(name, false);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] content = name.equals(changed) ? bytes : read(name);
        return defineClass(name, content, 0, content.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
