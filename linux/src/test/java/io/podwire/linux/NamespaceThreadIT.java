package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.linux.ProcessNamespaces.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@RequiresRoot
class NamespaceThreadIT {

  private static String mountNamespaceOfThread() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/mnt")).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> mountNamespacesOfAllThreads() throws IOException {
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      return Set.copyOf(
          tasks
              .map(task -> {
                try {
                  return Files.readSymbolicLink(task.resolve("ns/mnt")).toString();
                } catch (IOException ended) {
                  return mountNamespaceOfThread();
                }
              })
              .distinct()
              .toList());
    }
  }

  /** The threads that did the work may take a moment to end. */
  private static void awaitAllThreadsIn(String namespace) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(mountNamespacesOfAllThreads()).containsExactly(namespace));
  }

  @Test
  void shouldLeaveNoThreadBehindInANamespaceWhenVirtualThreadsWait() throws Exception {
    String outside = mountNamespaceOfThread();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> results = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        results.add(
            threads.submit(() -> {
              String inside =
                  ProcessNamespaces.createAndCall(
                      EnumSet.of(Kind.MOUNT), NamespaceThreadIT::mountNamespaceOfThread);
              return List.of(inside, mountNamespaceOfThread());
            }));
      }
      for (Future<List<String>> result : results) {
        assertThat(result.get().getFirst()).isNotEqualTo(outside);
        assertThat(result.get().getLast()).isEqualTo(outside);
      }
    }
    awaitAllThreadsIn(outside);
  }

  @Test
  void shouldStartThreadsOutsideAlsoFromWithin() throws Exception {
    String outside = mountNamespaceOfThread();
    List<String> nested =
        ProcessNamespaces.createAndCall(
            EnumSet.of(Kind.MOUNT),
            () -> {
              // The first child starts the reaper; it must not be kept in here.
              ChildProcess child = new ProcessSpawner(List.of("/bin/true")).start();
              child.exit().join();
              return List.of(
                  mountNamespaceOfThread(),
                  NamespaceThread.run("nested", NamespaceThreadIT::mountNamespaceOfThread));
            });

    assertThat(nested.getFirst()).isNotEqualTo(outside);
    assertThat(nested.getLast()).isEqualTo(outside);
    awaitAllThreadsIn(outside);
  }
}
