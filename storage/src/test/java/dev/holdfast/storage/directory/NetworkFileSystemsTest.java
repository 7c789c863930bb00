package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkFileSystemsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nfs",
                "nfs4",
                "cifs",
                "smb3",
                "smbfs",
                "9p",
                "ceph",
                "fuse.sshfs",
                "fuse.s3fs",
                "FUSE.RCLONE",
                "efs"
            })
    void remoteDisksAreRefused(String type) {
        assertThat(NetworkFileSystems.isNetwork(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext4",
                "xfs",
                "btrfs",
                "zfs",
                "tmpfs",
                "overlay",
                "apfs",
                "virtiofs",
                "fuseblk",
                "fuse.fuse-overlayfs"
            })
    void localDisksAreNot(String type) {
        assertThat(NetworkFileSystems.isNetwork(type)).isFalse();
    }
}
