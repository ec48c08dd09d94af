package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs no root but for the namespaces of one test. */
class ProcessSpawnerIT {

  @TempDir Path folder;

  private ProcessSpawner shell(String script) {
    return new ProcessSpawner(List.of("sh", "-c", script))
        .environment(Map.of("PATH", "/usr/bin:/bin", "NAME", "value with blank"))
        .output(new Stdio.File(folder.resolve("out").toString(), true))
        .error(new Stdio.File(folder.resolve("err").toString(), true));
  }

  private static OptionalInt exitOf(ChildProcess process) throws Exception {
    return process.exit().get(20, TimeUnit.SECONDS);
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  @Test
  void shouldReportTheExitCodeAndKeepTheStreamsApart() throws Exception {
    ChildProcess process =
        shell("echo \"$NAME\"; echo wrong >&2; pwd; exit 7").directory("/").start();

    assertThat(exitOf(process)).hasValue(7);
    assertThat(process.isRunning()).isFalse();
    assertThat(process.signal(Signal.TERM)).isFalse();
    assertThat(read("out")).isEqualTo("value with blank\n/\n");
    assertThat(read("err")).isEqualTo("wrong\n");
  }

  @Test
  void shouldReportTheSignalThatEndedIt() throws Exception {
    ChildProcess process = shell("read never").input(new Stdio.Inherited(pipeEnd())).start();

    assertThat(process.isRunning()).isTrue();
    assertThat(process.signal(Signal.TERM)).isTrue();
    assertThat(exitOf(process)).hasValue(128 + 15);
  }

  // The write end stays open with the test, so that the reader waits.
  @SuppressWarnings("resource")
  private static int pipeEnd() {
    return Pipe.open().readEnd().number();
  }

  @Test
  void shouldStartWithDefaultSignalsAndNoForeignDescriptors() throws Exception {
    ChildProcess process =
        shell("grep -E '^Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd | tr '\\n' ' '").start();

    assertThat(exitOf(process)).hasValue(0);
    List<String> words = List.of(read("out").split("\\s+"));
    assertThat(words.get(1)).matches("0+");
    // glibc leaves its two internal signals, 32 and 33, ignored.
    assertThat(Long.parseLong(words.get(3), 16) & ~0x1_8000_0000L).isZero();
    // Descriptor 3 is the folder that ls reads.
    assertThat(words.subList(4, words.size())).containsExactly("0", "1", "2", "3");
  }

  @Test
  void shouldNotDisturbJavasOwnProcesses() throws Exception {
    Process java = new ProcessBuilder("sh", "-c", "exit 3").start();
    ChildProcess process = shell("exit 4").start();

    assertThat(exitOf(process)).hasValue(4);
    assertThat(java.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(java.exitValue()).isEqualTo(3);
  }

  @Test
  void shouldSayWhereAMissingProgramWasLookedFor() {
    assertThatThrownBy(() -> new ProcessSpawner(List.of("no-such-program")).start())
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("program 'no-such-program'")
        .hasMessageContaining("not found in PATH /usr/local/bin:/usr/bin:/bin");
    assertThatThrownBy(() -> new ProcessSpawner(List.of("/no/such/program")).start())
        .hasMessage("start program /no/such/program: no such file or directory");
    assertThatThrownBy(() -> shell("true").directory("/no/such/folder").start())
        .hasMessageContaining("working directory /no/such/folder: no such file or directory");
  }

  @Test
  void shouldSeeTheExitOfAnAdoptedProcess() throws Exception {
    Process java = new ProcessBuilder("sh", "-c", "read never").start();
    ChildProcess adopted = ChildProcess.adopt(java.pid());
    assertThat(adopted.isRunning()).isTrue();
    adopted.signal(Signal.KILL);

    assertThat(exitOf(adopted)).isEmpty();
    assertThat(java.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void shouldGiveAProgramATerminal() throws Exception {
    try (Pty pty = Pty.open()) {
      pty.resize(100, 30);
      ChildProcess process =
          new ProcessSpawner(
                  List.of(
                      "sh",
                      "-c",
                      "stty size; test -t 0 && test -t 2 && echo tty; read x </dev/tty; echo got"
                          + " $x"))
              .environment(Map.of("PATH", "/usr/bin:/bin"))
              .terminal(pty)
              .start();
      try (InputStream screen = DescriptorStream.reading(pty.descriptor());
          OutputStream keys = DescriptorStream.writing(pty.descriptor())) {
        keys.write("typed\n".getBytes(StandardCharsets.UTF_8));
        String seen = new String(screen.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(seen).contains("30 100\r\n", "tty\r\n", "got typed\r\n");
      }
      assertThat(exitOf(process)).hasValue(0);
    }
  }

  @Test
  void shouldFeedAPipe() throws Exception {
    try (Pipe in = Pipe.open()) {
      ChildProcess process = shell("cat").input(new Stdio.Inherited(in.readEnd().number())).start();
      in.readEnd().close();
      DescriptorStream.writing(in.writeEnd().number())
          .write("through a pipe".getBytes(StandardCharsets.UTF_8));
      in.writeEnd().close();

      assertThat(exitOf(process)).hasValue(0);
      assertThat(read("out")).isEqualTo("through a pipe");
    }
  }
}
