package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells network file systems by their type. On them a lock may not exclude, a mapped page may be older than the file, and
 * a force may return before the server has the data.
 */
final class NetworkFileSystems {

    /** Kernel file systems whose data lies on another machine; EFS is {@code nfs4}, a WSL drive is {@code 9p}. */
    private static final Set<String> KERNEL = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "9p",
            "afs",
            "afpfs",
            "efs",
            "ceph",
            "coda",
            "glusterfs",
            "lustre",
            "beegfs",
            "gpfs",
            "ncpfs",
            "orangefs",
            "pvfs2",
            "davfs",
            "webdav");

    /** The part after {@code fuse.}: FUSE as such may be a local disk. */
    private static final Set<String> FUSE = Set.of(
            "sshfs",
            "s3fs",
            "s3ql",
            "gcsfuse",
            "goofys",
            "rclone",
            "glusterfs",
            "ceph",
            "ceph-fuse",
            "cephfs",
            "davfs",
            "davfs2",
            "smbnetfs",
            "curlftpfs",
            "blobfuse",
            "blobfuse2",
            "mountpoint-s3",
            "mount-s3",
            "juicefs",
            "moosefs",
            "mfs",
            "seaweedfs",
            "efs",
            "hdfs",
            "fuse_dfs",
            "gvfsd-fuse",
            "grpcfuse",
            "osxfs",
            "alluxio-fuse",
            "cvmfs2",
            "dbxfs",
            "google-drive-ocamlfuse",
            "onedriver",
            "quobyte",
            "lizardfs",
            "xtreemfs");

    private NetworkFileSystems() {}

    static boolean isNetwork(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("fuse.") ? FUSE.contains(lower.substring("fuse.".length())) : KERNEL.contains(lower);
    }

    /**
     * @param directory an existing directory
     * @throws DirectoryRefusedException it lies on a network file system
     */
    static void refuse(Path directory) throws IOException {
        Path real = directory.toRealPath();
        Optional<Mount> mount = MountTable.read().flatMap(table -> table.of(real));
        String type = mount.isPresent()
                ? mount.get().type()
                : Files.getFileStore(real).type();
        if (isNetwork(type)) {
            throw new DirectoryRefusedException(
                    ErrorCode.NETWORK_FILE_SYSTEM,
                    "The data directory is on a network file system: directory=" + directory
                            + ", type=" + type
                            + mount.map(m -> ", mounted=" + m.point()).orElse("")
                            + "; use a local disk, or set storage.allow-network-file-system if its locks, mappings and forces"
                            + " are known to hold");
        }
    }
}
