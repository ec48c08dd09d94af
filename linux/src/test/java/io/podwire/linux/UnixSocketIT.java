package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class UnixSocketIT {

  @TempDir Path folder;

  @Test
  void shouldCarryLinesBothWays() {
    try (UnixSocket server = UnixSocket.listen(folder.resolve("s"));
        UnixSocket client = UnixSocket.connect(folder.resolve("s"));
        UnixSocket accepted = server.accept().orElseThrow()) {
      client.send("one", null);
      client.send("ž".repeat(20_000), null);
      assertThat(accepted.receive()).contains("one");
      assertThat(accepted.receive()).contains("ž".repeat(20_000));
      accepted.send("answer", null);
      assertThat(client.receive()).contains("answer");
      client.close();
      assertThat(accepted.receive()).isEmpty();
    }
  }

  @Test
  void shouldPassATapIntoAnotherNamespace() {
    try (NetworkNamespace namespace = NetworkNamespace.create();
        UnixSocket server = UnixSocket.listen(folder.resolve("s"));
        UnixSocket client = UnixSocket.connect(folder.resolve("s"));
        UnixSocket accepted = server.accept().orElseThrow()) {
      Tap made = namespace.call(() -> Tap.open("eth0"));
      client.send("here", made.descriptor());
      assertThat(accepted.receive()).contains("here");
      Descriptor passed = accepted.takeDescriptor().orElseThrow();
      assertThat(passed.number()).isNotEqualTo(made.descriptor());
      try (Tap adopted = Tap.adopt(passed)) {
        assertThat(adopted.name()).isEqualTo("eth0");
        // The link lives as long as one of the two descriptors.
        made.close();
        try (Netlink netlink = Netlink.open(namespace)) {
          assertThat(netlink.links().find("eth0")).isPresent();
        }
      }
      try (Netlink netlink = Netlink.open(namespace)) {
        assertThat(netlink.links().find("eth0")).isEmpty();
      }
    }
  }

  @Test
  void shouldRefuseADescriptorThatIsNoTap() {
    try (Pipe pipe = Pipe.open()) {
      assertThatThrownBy(() -> Tap.adopt(pipe.readEnd()))
          .isInstanceOf(LinuxException.class)
          .hasMessageContaining("IFF_VNET_HDR");
    }
  }

  @Test
  void shouldSayThatNobodyListens() {
    assertThatThrownBy(() -> UnixSocket.connect(folder.resolve("none")))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    UnixSocket.listen(folder.resolve("s")).close();
    assertThatThrownBy(() -> UnixSocket.connect(folder.resolve("s")))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
    assertThatThrownBy(() -> UnixSocket.connect(Path.of("/" + "x".repeat(200))))
        .hasMessageContaining("choose a shorter one");
  }

  @Test
  void shouldEndWaitingWhenItIsShutDown() {
    UnixSocket server = UnixSocket.listen(folder.resolve("s"));
    try (server) {
      CompletableFuture<Boolean> waiting =
          CompletableFuture.supplyAsync(
              () -> server.accept().isEmpty(), Thread::startVirtualThread);
      // Whether it waits already or will only begin to.
      server.shutdown();
      assertThat(waiting.join()).isTrue();
    }
  }

  @Test
  void shouldNotWaitLongerThanItWasTold() {
    try (UnixSocket server = UnixSocket.listen(folder.resolve("s"));
        UnixSocket client = UnixSocket.connect(folder.resolve("s"));
        UnixSocket accepted = server.accept().orElseThrow()) {
      client.setReceiveTimeout(20);
      assertThatThrownBy(client::receive)
          .isInstanceOfSatisfying(
              LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EAGAIN));
      accepted.send("late", null);
      assertThat(client.receive()).contains("late");
    }
  }

  @Test
  void shouldTellANetworkNamespaceFromAFile() {
    assertThatThrownBy(() -> NetworkNamespace.ofPath(Path.of("/etc/passwd")))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("not a network namespace");
    try (NetworkNamespace own = NetworkNamespace.ofPath(Path.of("/proc/self/ns/net"));
        NetworkNamespace current = NetworkNamespace.current()) {
      assertThat(own.inode()).isEqualTo(current.inode());
    }
  }
}
