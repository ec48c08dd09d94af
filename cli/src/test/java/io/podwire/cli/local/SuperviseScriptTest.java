package io.podwire.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SuperviseScriptTest {
  @TempDir Path run;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldStartAKilledProgramAgainAndWriteDownHowItEnded() throws IOException {
    supervise("exec sleep 600");
    String first = awaitPid("");
    Files.writeString(run.resolve("x.ready"), "");

    ProcessHandle.of(Long.parseLong(first)).orElseThrow().destroyForcibly();

    String second = awaitPid(first);
    assertThat(second).isNotEqualTo(first);
    assertThat(Files.readAllLines(run.resolve("x.exits"))).containsExactly("137");
    assertThat(run.resolve("x.ready")).doesNotExist();
  }

  @Test
  void shouldEndWhereTheConfigurationIsWrong() throws Exception {
    Process supervisor = supervise("exit 78");

    assertThat(supervisor.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(supervisor.exitValue()).isEqualTo(78);
    assertThat(Files.readAllLines(run.resolve("x.exits"))).containsExactly("78");
    assertThat(run.resolve("x.pid")).doesNotExist();
  }

  @Test
  void shouldPassTermOnAndEnd() throws Exception {
    Process supervisor =
        supervise("trap 'echo told >\"$0\"; exit 0' TERM; while :; do sleep 0.1; done");
    awaitPid("");

    supervisor.destroy();

    assertThat(supervisor.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(run.resolve("told")).hasContent("told");
  }

  private Process supervise(String program) throws IOException {
    Path script = run.resolve("supervise.sh");
    Files.writeString(script, DaemonLauncher.resource("supervise.sh"));
    Process process =
        new ProcessBuilder(
                "/bin/sh",
                script.toString(),
                run.toString(),
                "x",
                "/bin/sh",
                "-c",
                program,
                run.resolve("told").toString())
            .redirectErrorStream(true)
            .redirectOutput(run.resolve("x.log").toFile())
            .start();
    started.add(process);
    return process;
  }

  private String awaitPid(String before) {
    return await()
        .until(
            () ->
                Files.exists(run.resolve("x.pid"))
                    ? Files.readString(run.resolve("x.pid")).strip()
                    : before,
            pid -> !pid.equals(before));
  }
}
