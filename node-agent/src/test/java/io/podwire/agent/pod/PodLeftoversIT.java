package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cluster.model.Pod;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.ProcessTable;
import io.podwire.linux.RequiresRoot;
import io.podwire.linux.Signal;
import io.podwire.packet.addr.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class PodLeftoversIT {

  private static final IpAddress IP = IpAddress.parse("10.244.1.2");

  @TempDir Path state;

  private final Pod pod = PodBuilder.running("web", "").build();

  private PodSandbox create(PodFolder folder) {
    return PodSandbox.create(folder, pod, IP, new RecordingNetwork().node());
  }

  @Test
  void shouldEndProgramsWhoseSandboxIsGone() throws Exception {
    PodFolder folder = PodFolder.of(state.resolve("pods"), pod.key(), pod.uid());
    PodSandbox sandbox = create(folder);
    ContainerProcess.start(
        sandbox,
        folder,
        "main",
        new ContainerProgram(List.of("sleep", "1000"), Map.of("PATH", "/usr/bin:/bin"), ""),
        0);
    sandbox.release();
    sandbox.holder().signal(Signal.KILL);
    sandbox.holder().exit().get(20, TimeUnit.SECONDS);
    assertThat(ProcessTable.inNetworkNamespace(sandbox.record().namespace())).isNotEmpty();

    PodLeftovers.removeAll(state);

    assertThat(ProcessTable.inNetworkNamespace(sandbox.record().namespace())).isEmpty();
    assertThat(folder.path()).doesNotExist();
  }

  @Test
  void shouldLetNoProgramOutliveTheSandboxItWasStartedIn() throws Exception {
    PodSandbox sandbox = create(PodFolder.of(state.resolve("pods"), pod.key(), pod.uid()));
    assertThatThrownBy(() ->
            sandbox.start(() -> {
              // As if the Pod were ended between entering and starting.
              sandbox.holder().signal(Signal.KILL);
              sandbox.holder().exit().join();
              ChildProcess started = new ProcessSpawner(List.of("/bin/sleep", "1000")).start();
              assertThat(started.isRunning()).isTrue();
              return started;
            }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Pod shop/web has ended");

    assertThat(ProcessTable.inNetworkNamespace(sandbox.record().namespace())).isEmpty();
  }
}
