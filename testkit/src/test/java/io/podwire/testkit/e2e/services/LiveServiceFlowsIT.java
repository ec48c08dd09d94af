package io.podwire.testkit.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.netstack.service.ProxyMode;
import io.podwire.packet.IpProtocol;
import io.podwire.testkit.e2e.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every line of flows.txt asked of a running dual-stack cluster of two nodes with real sockets, in
 * every mode; the mode is changed while the cluster runs.
 */
class LiveServiceFlowsIT {

  /** Of datagrams; so many a mode, since the flows of one are still known in the next. */
  private static final int FIRST_PORT = 12_000;

  private static final int PORTS = 4000;

  /** Connections that are held at once in each mode. */
  private static final int HELD = 20;

  private static final ServiceFlows TABLE = ServiceFlows.read();

  @TempDir static Path scratch;

  private static @Nullable LiveFlowCluster started;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("python3", "sh");
    started = LiveFlowCluster.start(TABLE, scratch);
  }

  @AfterAll
  static void stop() throws Exception {
    if (started != null) {
      started.close();
    }
  }

  private static LiveFlowCluster cluster() {
    return Objects.requireNonNull(started);
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldDoWhatTheTableSays(ProxyMode mode) throws Exception {
    cluster().balance(mode);
    List<Flow> flows = TABLE.flows(mode);
    int firstPort = FIRST_PORT + mode.ordinal() * PORTS;
    Map<Integer, Set<String>> seen = new HashMap<>();
    // Each on a thread of its own: most of the time goes by waiting for what is dropped.
    try (ExecutorService sources = Executors.newCachedThreadPool()) {
      List<Future<Map<Integer, Set<String>>>> asked = new ArrayList<>();
      for (String source : flows.stream().map(Flow::source).distinct().toList()) {
        List<Flow> own = flows.stream().filter(flow -> flow.source().equals(source)).toList();
        asked.add(sources.submit(() -> cluster().ask(source, own, firstPort)));
      }
      for (Future<Map<Integer, Set<String>>> each : asked) {
        seen.putAll(each.get());
      }
    }
    List<String> differences = new ArrayList<>();
    for (Flow flow : flows) {
      String difference = cluster().difference(mode, flow, seen);
      if (!difference.isEmpty()) {
        differences.add(difference);
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
    assertThat(flows).hasSizeGreaterThanOrEqualTo(300);
  }

  /** From every mode to every other one, while connections that began in each of them talk. */
  @Test
  void shouldKeepConnectionsThroughChangesOfTheMode() throws Exception {
    Path end = scratch.resolve("end");
    List<String> held =
        TABLE.flows().stream()
            .filter(flow -> flow.source().equals("pod") && flow.protocol() == IpProtocol.TCP)
            .filter(flow -> flow.outcome().equals("reached") && flow.modes().isEmpty())
            .filter(Flow::isIpv4)
            .map(flow -> flow.address() + ":" + flow.port())
            .limit(HELD)
            .toList();
    List<Future<String>> holders = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      try {
        for (ProxyMode mode : ProxyMode.values()) {
          cluster().balance(mode);
          Path begun = scratch.resolve("begun-" + mode);
          List<String> words = new ArrayList<>(List.of("flow_holder.py"));
          words.addAll(List.of(begun.toString(), end.toString()));
          words.addAll(held);
          holders.add(threads.submit(() -> cluster().run("pod", words)));
          await().until(() -> Files.exists(begun));
        }
        for (ProxyMode mode : ProxyMode.values()) {
          cluster().balance(mode);
        }
      } finally {
        Files.createFile(end);
      }
      for (Future<String> each : holders) {
        List<String> lines = each.get().lines().toList();
        assertThat(lines).hasSameSizeAs(held).hasSizeGreaterThanOrEqualTo(10);
        assertThat(lines).allMatch(line -> line.matches("\\S+ [1-9]\\d* none"));
      }
    }
  }
}
