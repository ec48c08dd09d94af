package io.podwire.sandbox.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.attach.PodNetwork;
import io.podwire.cluster.attach.ResolverConfig;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcFolderTest {

  private static final IpAddress ADDRESS = IpAddress.parse("10.244.1.5");
  private static final PodNetwork NETWORK =
      new PodNetwork(
          "node-1",
          "u",
          ADDRESS,
          24,
          IpAddress.parse("10.244.1.1"),
          List.of(),
          1450,
          62_000,
          MacAddress.of(ADDRESS),
          new ResolverConfig(
              List.of(IpAddress.parse("10.96.0.10")), List.of("a.svc", "svc"), List.of("ndots:5")),
          List.of(new PodNetwork.HostEntry(ADDRESS, List.of("db"))));

  @TempDir Path folder;

  @Test
  void shouldWriteInPlace() throws IOException {
    Path shared = Files.writeString(folder.resolve("resolv.conf"), "nameserver 9.9.9.9\n# long");
    Object inode = Files.getAttribute(shared, "unix:ino");

    EtcFolder.at(folder).write(NETWORK);

    assertThat(shared).hasContent("search a.svc svc\nnameserver 10.96.0.10\noptions ndots:5\n");
    assertThat(Files.getAttribute(shared, "unix:ino")).isEqualTo(inode);
    assertThat(Files.readString(folder.resolve("hosts")))
        .contains("127.0.0.1\tlocalhost\n")
        .endsWith("10.244.1.5\tdb\n");
  }

  @Test
  void shouldTellAContainersOwnFileFromTheMachines() {
    List<String> mounts =
        List.of(
            "22 1 0:20 / / rw - overlay overlay rw",
            "40 22 8:1 /docker/c0/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda1 rw",
            "41 22 8:1 /x /etc/resolv.conf.d rw - ext4 /dev/sda1 rw");

    assertThat(EtcFolder.isMountPoint(mounts, Path.of("/etc/resolv.conf"))).isTrue();
    assertThat(EtcFolder.isMountPoint(mounts, Path.of("/etc/hosts"))).isFalse();
    assertThat(EtcFolder.isMountPoint(List.of(), Path.of("/etc/hosts"))).isFalse();
  }
}
