package dev.holdfast.testkit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a test leaves behind. */
final class Directories {

    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);

    private Directories() {}

    /** With everything in it. A task that ignored its interrupt may write still: what can not be deleted stays, and is told. */
    static void delete(Path directory) {
        Deletion deletion = new Deletion();
        try {
            Files.walkFileTree(directory, deletion);
        } catch (IOException e) {
            deletion.stays.add(directory + ": " + e);
        }
        if (!deletion.stays.isEmpty()) {
            LOG.info("Not deleted: directory={}, left={}", directory, deletion.stays);
        }
    }

    /** Goes on behind what it can not delete. */
    private static final class Deletion extends SimpleFileVisitor<Path> {

        private final List<String> stays = new ArrayList<>();

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            delete(file); // also a folder that can not be listed, if it is empty
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
            delete(folder);
            return FileVisitResult.CONTINUE;
        }

        private void delete(Path file) {
            try {
                var unused = Files.deleteIfExists(file);
            } catch (IOException e) {
                stays.add(e.toString());
            }
        }
    }
}
