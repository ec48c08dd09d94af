package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@RequiresRoot
class NetworkNamespaceIT {

  @Test
  void shouldRunWorkInsideAndLeaveTheCallerOutside() {
    try (NetworkNamespace outside = NetworkNamespace.current();
        NetworkNamespace created = NetworkNamespace.create()) {
      long inside =
          created.call(() -> {
            try (NetworkNamespace current = NetworkNamespace.current()) {
              return current.inode();
            }
          });

      assertThat(inside).isEqualTo(created.inode()).isNotEqualTo(outside.inode());
      try (NetworkNamespace after = NetworkNamespace.current()) {
        assertThat(after.inode()).isEqualTo(outside.inode());
      }
    }
  }

  @Test
  void shouldHoldNothingButADownLoopback() throws IOException {
    try (NetworkNamespace created = NetworkNamespace.create();
        Netlink netlink = Netlink.open(created)) {
      assertThat(netlink.links().list())
          .singleElement()
          .satisfies(link -> {
            assertThat(link.name()).isEqualTo("lo");
            assertThat(link.up()).isFalse();
          });
      String seen =
          created.<String, IOException>call(
              () -> Files.readString(Path.of("/proc/thread-self/net/dev")));
      assertThat(seen).contains("lo:").doesNotContain("eth0");
    }
  }

  @Test
  void shouldPassOnWhatTheWorkThrows() {
    try (NetworkNamespace created = NetworkNamespace.create()) {
      assertThatThrownBy(() ->
              created.call(() -> {
                throw new IOException("from inside");
              }))
          .isInstanceOf(IOException.class)
          .hasMessage("from inside");
    }
  }

  @Test
  void shouldSayWhichProcessHasNoNamespace() {
    assertThatThrownBy(() -> NetworkNamespace.ofProcess(0x3fff_fff0L))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("/proc/1073741808/ns/net: no such file or directory");
  }
}
