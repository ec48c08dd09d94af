package io.podwire.bench.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessTable;
import io.podwire.linux.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@RequiresRoot
class WorkbenchIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void shouldSayWhatAProgramPrinted() {
    try (Workbench bench = new Workbench()) {
      NetworkNamespace namespace = bench.namespace();

      assertThat(bench.run(namespace, List.of("sh", "-c", "echo well"), PATIENCE))
          .isEqualTo("well\n");
      assertThatExceptionOfType(BenchFailure.class)
          .isThrownBy(() -> bench.run(namespace, List.of("sh", "-c", "echo ill; exit 3"), PATIENCE))
          .withMessageContaining("exit code 3: ill");
    }
  }

  @Test
  void shouldEndProgramsThatTakeTooLong() {
    try (Workbench bench = new Workbench()) {
      NetworkNamespace namespace = bench.namespace();

      assertThatExceptionOfType(BenchFailure.class)
          .isThrownBy(() -> bench.run(namespace, List.of("sleep", "60"), Duration.ofMillis(1)))
          .withMessageContaining("does not end");
      assertThat(ProcessTable.inNetworkNamespace(namespace.inode())).isEmpty();
    }
  }

  @Test
  void shouldLeaveNothingWhenClosed() {
    Workbench bench = new Workbench();
    RunningProgram program = bench.start(bench.namespace(), List.of("sleep", "60"));
    Path folder = bench.folder("some");
    bench.close();

    assertThat(ProcessTable.startTime(program.pid())).isEmpty();
    assertThat(folder).doesNotExist();
    assertThat(Files.exists(folder.getParent())).isFalse();
    assertThatExceptionOfType(BenchFailure.class).isThrownBy(bench::namespace);
  }
}
