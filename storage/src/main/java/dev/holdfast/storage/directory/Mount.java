package dev.holdfast.storage.directory;

/**
 * A mounted file system.
 *
 * @param id the kernel's mount id; one that was unmounted may be given out again
 * @param parentId mount that it is mounted on
 * @param device major:minor
 * @param point where it is mounted
 * @param type for example {@code ext4}
 * @param source what is mounted, for example {@code /dev/sda1} or {@code server:/export}
 * @param options how it is mounted, and of the file system itself, by comma
 */
record Mount(int id, int parentId, String device, String point, String type, String source, String options) {}
