package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {

    private static final MountTable TABLE = MountTable.parse(List.of(
            "22 27 0:21 / /proc rw,relatime - proc proc rw",
            "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard",
            "40 27 8:1 / /data rw,noatime shared:3 - xfs /dev/sda1 rw",
            "41 40 0:50 / /data/share\\040one rw master:1 propagate_from:2 - nfs4 server:/my\\040export rw",
            "42 27 8:2 / /over rw - ext4 /dev/sdb1 rw",
            "43 42 8:3 / /over/below rw - xfs /dev/sdc1 rw",
            "44 42 0:60 / /over rw - tmpfs tmpfs rw",
            "45 27 0:70 / /caf\u00c3\u00a9 rw - btrfs /dev/sdd rw",
            "not a line of the table",
            "x 27 0:71 / /data rw - cifs none rw"));

    @Test
    void aPathLiesOnTheDeepestMountAboveIt() {
        assertThat(idOf("/")).isEqualTo(27);
        assertThat(idOf("/database")).isEqualTo(27);
        assertThat(idOf("/data")).isEqualTo(40);
        assertThat(idOf("/data/a/b")).isEqualTo(40);
    }

    @Test
    void namesWithSpacesAndOtherBytesAreFound() {
        assertThat(idOf("/data/share one/x")).isEqualTo(41);
        assertThat(TABLE.of(Path.of("/data/share one")).orElseThrow())
                .isEqualTo(new Mount(41, 40, "0:50", "/data/share one", "nfs4", "server:/my export", "rw,rw"));
        assertThat(idOf("/caf\u00e9/x")).isEqualTo(45);
    }

    @Test
    void aCoveredMountIsNotSeen() {
        assertThat(idOf("/over")).isEqualTo(44);
        assertThat(idOf("/over/below/x")).isEqualTo(44);
    }

    @Test
    void aTableWithoutARootSaysNothing() {
        assertThat(MountTable.parse(List.of()).of(Path.of("/data"))).isEmpty();
    }

    private static int idOf(String path) {
        return TABLE.of(Path.of(path)).orElseThrow().id();
    }
}
