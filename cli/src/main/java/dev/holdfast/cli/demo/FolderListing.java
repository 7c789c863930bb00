package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.demo.DemoPlan.DemoFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The regular files of a folder, by path. Symbolic links are not followed. Left out: {@code .git}, what Maven built
 * ({@code target} beside a {@code pom.xml}), data directories of Holdfast, and files that the caller excludes.
 */
final class FolderListing extends SimpleFileVisitor<Path> {

    private static final int NAMED = 5;

    private final Path folder;
    private final Set<Path> excluded;
    private final List<DemoFile> files = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    private FolderListing(Path folder, Set<Path> excluded) {
        this.folder = folder;
        this.excluded = excluded;
    }

    /**
     * @throws CommandFailure it is no folder or holds no file ({@link ExitCodes#NOT_FOUND}), or something in it cannot be
     *     read ({@link ExitCodes#REFUSED})
     */
    static List<DemoFile> of(Path folder, Set<Path> excluded) throws IOException {
        if (!Files.exists(folder)) {
            throw new CommandFailure(ExitCodes.NOT_FOUND, "No such folder: folder=" + folder + "; name one with files");
        }
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND, "Not a folder: folder=" + folder + "; name the folder, not a file");
        }
        FolderListing listing = new FolderListing(folder, excluded);
        Files.walkFileTree(folder, listing);
        listing.refuseUnreadable();
        if (listing.files.isEmpty()) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND, "No files in this folder: folder=" + folder + "; name one with files");
        }
        listing.files.sort(Comparator.comparing(DemoFile::path));
        return List.copyOf(listing.files);
    }

    private void refuseUnreadable() {
        if (unreadable.isEmpty()) {
            return;
        }
        String more = unreadable.size() > NAMED ? ", and " + (unreadable.size() - NAMED) + " more" : "";
        throw new CommandFailure(
                ExitCodes.REFUSED,
                "Unreadable: folder=" + folder + ", files=" + unreadable.size() + ": "
                        + String.join("; ", unreadable.subList(0, Math.min(NAMED, unreadable.size()))) + more
                        + "; make them readable, or name another folder");
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        if (directory.equals(folder)) {
            return FileVisitResult.CONTINUE;
        }
        return isLeftOut(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    private boolean isLeftOut(Path directory) {
        String name = String.valueOf(directory.getFileName());
        return name.equals(".git")
                || (name.equals("target") && Files.exists(directory.resolveSibling("pom.xml")))
                || excluded.contains(directory)
                || (Files.exists(directory.resolve("node.lock")) && Files.exists(directory.resolve("node.properties")));
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (!attributes.isRegularFile() || excluded.contains(file)) {
            return FileVisitResult.CONTINUE;
        }
        if (!survivesAsText(file)) {
            unreadable.add(file + " (its name is not valid in the locale's encoding)");
        } else if (!Files.isReadable(file)) {
            unreadable.add(file + " (no permission)");
        } else {
            files.add(new DemoFile(
                    folder.relativize(file).toString(),
                    attributes.size(),
                    attributes.lastModifiedTime().toString()));
        }
        return FileVisitResult.CONTINUE;
    }

    /** Tasks carry names as text. */
    private static boolean survivesAsText(Path file) {
        try {
            return Path.of(file.toString()).equals(file);
        } catch (InvalidPathException notInThisEncoding) {
            return false;
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        if (failure instanceof NoSuchFileException && !file.equals(folder)) {
            return FileVisitResult.CONTINUE; // gone since its folder was read
        }
        String why = failure instanceof AccessDeniedException ? "no permission" : failure.toString();
        unreadable.add(file + " (" + why + ")");
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException failure) {
        if (failure != null) {
            unreadable.add(directory + " (" + failure + ")");
        }
        return FileVisitResult.CONTINUE;
    }
}
