package io.podwire.cli.bench;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.exec.ExecRequest;
import io.podwire.client.exec.ExecSession;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessTable;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Finds the network namespaces of a local cluster's Pods. */
final class PodNamespaces {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private PodNamespaces() {}

  /** By asking inside and looking for it from outside; closed by the caller. */
  static NetworkNamespace of(ApiClient api, String namespace, String pod) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExecRequest request =
        ExecRequest.of(namespace, pod, List.of("/bin/sh", "-c", "ls -l /proc/self/ns/net"));
    try (ExecSession session =
        ExecSession.start(api.transport(), request, out, OutputStream.nullOutputStream())) {
      session.await(PATIENCE);
    }
    String link = out.toString(StandardCharsets.UTF_8).strip();
    int open = link.lastIndexOf('[');
    int close = link.lastIndexOf(']');
    if (open < 0 || close < open) {
      throw new CommandFailure("the network namespace of Pod " + pod + " is unknown: " + link);
    }
    List<Long> inside =
        ProcessTable.inNetworkNamespace(Long.parseLong(link.substring(open + 1, close)));
    if (inside.isEmpty()) {
      throw new CommandFailure(
          "Pod " + pod + " is not on this machine: the benchmark needs a local cluster");
    }
    return NetworkNamespace.ofProcess(inside.getFirst());
  }
}
