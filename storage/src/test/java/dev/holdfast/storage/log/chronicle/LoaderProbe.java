package dev.holdfast.storage.log.chronicle;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@link ChronicleProbe} in a class loader as a container or an executable jar makes one. Classes of the JDK only. */
final class LoaderProbe {

    private LoaderProbe() {}

    /** Arguments: {@code platform} or {@code system} for the loader's parent, the class path, the queue's directory. */
    public static void main(String[] arguments) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : arguments[1].split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        ClassLoader parent = arguments[0].equals("platform")
                ? ClassLoader.getPlatformClassLoader()
                : ClassLoader.getSystemClassLoader();
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), parent)) {
            Thread.currentThread().setContextClassLoader(loader);
            Class<?> probe = loader.loadClass("dev.holdfast.storage.log.chronicle.ChronicleProbe");
            var main = probe.getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[] {arguments[2]});
        }
    }
}
