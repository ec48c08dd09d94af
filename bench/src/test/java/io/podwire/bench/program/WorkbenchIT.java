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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
  void shouldNotReturnBeforeAnotherThreadHasRemovedEverything() throws Exception {
    Workbench bench = new Workbench();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean removed = new AtomicBoolean();
    bench.keep(() -> {
      begun.countDown();
      goOn.await();
      removed.set(true);
    });
    Thread first = Thread.ofPlatform().start(bench::close);
    begun.await();
    CompletableFuture<Boolean> second =
        CompletableFuture.supplyAsync(() -> {
          bench.close();
          return removed.get();
        });
    goOn.countDown();

    assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
    first.join();
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
