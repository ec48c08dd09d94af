package io.podwire.cluster.model;

import java.util.List;

/** A readiness probe with Kubernetes' defaults filled in; times in seconds. */
public record Probe(
    Action action,
    int initialDelaySeconds,
    int periodSeconds,
    int timeoutSeconds,
    int successThreshold,
    int failureThreshold) {

  /** What is tried. */
  public sealed interface Action {}

  /** Succeeds on a status from 200 to 399. {@code host} empty: the Pod's IP. */
  public record HttpGet(String scheme, String host, PortRef port, String path) implements Action {}

  /** Succeeds when a connection opens. {@code host} empty: the Pod's IP. */
  public record TcpSocket(String host, PortRef port) implements Action {}

  /** Succeeds on exit code 0. */
  public record Exec(List<String> command) implements Action {
    public Exec {
      command = List.copyOf(command);
    }
  }
}
