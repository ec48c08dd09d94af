package io.podwire.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ClusterProcessesTest {
  @TempDir Path folder;

  @Test
  void shouldFindAndKillMarkedProcessesAndTheirDescendants() throws Exception {
    ClusterHome home = ClusterHome.of("test", Map.of("PODWIRE_HOME", folder.toString()));
    // The inner shell clears its environment, so that only its parent tells whose it is.
    Process marked = shell(home.folder().toString(), "env -i sleep 600 & wait");
    Process other = shell(home.folder() + "-2", "sleep 600");
    try {
      ClusterProcesses processes = new ClusterProcesses(home);
      await().until(() -> processes.members().size() == 2);
      List<Long> members = processes.members();
      assertThat(members).contains(marked.pid()).doesNotContain(other.pid());

      assertThat(processes.killAll(List.of(marked.pid()))).isTrue();

      assertThat(marked.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(processes.members()).isEmpty();
      assertThat(other.isAlive()).isTrue();
    } finally {
      marked.destroyForcibly();
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldCompareWholeVariables() {
    byte[] environment = "A=1\0PODWIRE_CLUSTER_DIR=/x/y\0B=\0".getBytes(UTF_8);

    assertThat(has(environment, "PODWIRE_CLUSTER_DIR=/x/y")).isTrue();
    assertThat(has(environment, "PODWIRE_CLUSTER_DIR=/x")).isFalse();
    assertThat(has(environment, "B=")).isTrue();
    assertThat(has(new byte[0], "B=")).isFalse();
  }

  @Test
  void shouldKnowTheShellsOfOurPods() {
    Path cluster = Path.of("/home/me/.podwire/clusters/a");
    String holder = "/bin/sh\0-c\0script\0podwire-pause\0" + cluster + "/nodes/node-1/x/fifo\0";

    assertThat(ClusterProcesses.isOfPod(holder, cluster)).isTrue();
    assertThat(ClusterProcesses.isOfPod(holder, Path.of("/home/me/.podwire/clusters/ab")))
        .isFalse();
    assertThat(ClusterProcesses.isOfPod("tail\0-f\0" + cluster + "/logs/a.log\0", cluster))
        .isFalse();
  }

  private static boolean has(byte[] environment, String variable) {
    return ClusterProcesses.hasVariable(environment, variable.getBytes(UTF_8));
  }

  private static Process shell(String cluster, String script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
    builder.environment().put(DaemonLauncher.MARKER, cluster);
    return builder.start();
  }
}
