package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class ProcessNamespacesIT {

  @TempDir Path folder;

  @Test
  void shouldHoldAndEnterNewNamespacesUntilAllProcessesAreKilled() throws Exception {
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    Path shown = Files.writeString(folder.resolve("shown"), "bound\n");
    Path covered = Files.writeString(folder.resolve("covered"), "original\n");
    Path fifo = folder.resolve("fifo");
    Fifo.create(fifo);

    ChildProcess holder =
        ProcessNamespaces.createAndCall(
            EnumSet.allOf(ProcessNamespaces.Kind.class),
            () -> {
              ProcessNamespaces.setHostname("held");
              Mounts.bind(shown, covered);
              Sysctl.write("net.ipv4.ip_unprivileged_port_start", "0");
              return new ProcessSpawner(
                      List.of("/bin/sh", "-c", "exec 3<>" + fifo + "; read x <&3"))
                  .newSession(true)
                  .start();
            });
    long inode = inodeOf(holder.pid());
    try {
      Path out = folder.resolve("out");
      ChildProcess inside =
          ProcessNamespaces.callIn(
              holder.pid(),
              () ->
                  new ProcessSpawner(
                          List.of(
                              "sh",
                              "-c",
                              "cat /proc/sys/kernel/hostname "
                                  + covered
                                  + " /proc/sys/net/ipv4/ip_unprivileged_port_start"))
                      .environment(Map.of("PATH", "/usr/bin:/bin"))
                      .output(new Stdio.File(out.toString(), false))
                      .start());

      assertThat(inside.exit().get(20, TimeUnit.SECONDS)).hasValue(0);
      assertThat(out).hasContent("held\nbound\n0\n");
      assertThat(covered).hasContent("original");
      assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(hostname);
      assertThat(ProcessTable.inNetworkNamespace(inode)).containsExactly(holder.pid());
      assertThat(ProcessTable.startTime(holder.pid())).isPresent();
    } finally {
      assertThat(ProcessTable.killAllIn(inode, 10)).isTrue();
    }
    assertThat(holder.exit().get(20, TimeUnit.SECONDS)).hasValue(128 + 9);
    assertThat(ProcessTable.inNetworkNamespace(inode)).isEmpty();
    assertThat(ProcessTable.startTime(holder.pid())).isEmpty();
  }

  private static long inodeOf(long pid) {
    try (NetworkNamespace namespace = NetworkNamespace.ofProcess(pid)) {
      return namespace.inode();
    }
  }
}
