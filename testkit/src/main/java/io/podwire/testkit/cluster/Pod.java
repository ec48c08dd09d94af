package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.ApiResponse;
import io.podwire.client.api.Resource;
import io.podwire.client.exec.ExecRequest;
import io.podwire.client.exec.ExecSession;
import io.podwire.client.exec.ProgramEnd;
import io.podwire.client.socket.PodSockets;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.assertion.Addressed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A Pod. What is asked of it is read anew each time. Thread-safe. */
public final class Pod implements Addressed {
  private static final Duration EXEC_LIMIT = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final ObjectKey key;

  Pod(Cluster cluster, ObjectKey key) {
    this.cluster = cluster;
    this.key = key;
  }

  /** Its name; with the namespace before it where that is not {@code default}. */
  @Override
  public String name() {
    return key.text();
  }

  ObjectKey key() {
    return key;
  }

  /** The object as JSON. */
  public JsonNode object() {
    return cluster.object(Resource.POD, key);
  }

  /**
   * Its address, of the cluster's primary family.
   *
   * @throws ClusterFailure where it has none yet
   */
  public IpAddress address() {
    return IpAddress.tryParse(object().at("/status/podIP").asText())
        .orElseThrow(() -> new ClusterFailure("Pod " + name() + " has no address yet"));
  }

  /** One of each family that the cluster has. */
  @Override
  public Set<IpAddress> addresses() {
    JsonNode status = object().path("status");
    Set<IpAddress> addresses = new LinkedHashSet<>();
    IpAddress.tryParse(status.path("podIP").asText()).ifPresent(addresses::add);
    for (JsonNode each : status.path("podIPs")) {
      IpAddress.tryParse(each.path("ip").asText()).ifPresent(addresses::add);
    }
    return addresses;
  }

  /** The node that it runs on. */
  public Node node() {
    return cluster.node(object().at("/spec/nodeName").asText());
  }

  /** Whether its condition Ready holds. */
  public boolean isReady() {
    return Readiness.of(object());
  }

  /** Waits until it is Ready. */
  public Pod awaitReady() {
    if (!Polling.holds(PATIENCE, this::isReady)) {
      throw new AssertionError(
          "Pod "
              + name()
              + " is not Ready after "
              + PATIENCE.toSeconds()
              + " s: "
              + cluster.unready());
    }
    return this;
  }

  /** Runs a program in it, for a minute at most. */
  public ExecResult exec(String... command) {
    return exec(EXEC_LIMIT, command);
  }

  /**
   * Runs a program in it.
   *
   * @throws ClusterFailure where it cannot be run, or runs longer than the limit
   */
  public ExecResult exec(Duration limit, String... command) {
    long began = System.nanoTime();
    String text = String.join(" ", command);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ExecRequest request = ExecRequest.of(key.namespace(), key.name(), List.of(command));
    try (ExecSession session = ExecSession.start(cluster.api().transport(), request, out, err)) {
      ProgramEnd end = session.await(limit);
      if (!end.failure().isEmpty()) {
        throw new ClusterFailure("Pod " + name() + ": " + text + ": " + end.failure());
      }
      return new ExecResult(
          text,
          end.exitCode(),
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8),
          Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /**
   * Sockets of its network for code of this JVM: a factory, a proxy, UDP, published ports. Closed
   * by the caller, and with them every connection.
   */
  public PodSockets sockets() {
    return PodSockets.open(cluster.api().transport(), key.namespace(), key.name());
  }

  /** The addresses of a name, asked for from inside; empty where there are none. */
  public List<IpAddress> resolve(String name) {
    return cluster.dns().lookup(this, name).addresses();
  }

  /** What its first container has written so far. */
  public String logs() {
    try (ApiResponse response =
        cluster.api().stream(Resource.POD.objectPath(key.namespace(), key.name()) + "/log")) {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new ClusterFailure(
          "the log of Pod " + name() + " broke off: " + failure.getMessage(), failure);
    }
  }

  /** Deletes it, and waits until it is gone; its programs are killed after a second. */
  public void delete() {
    cluster.delete(Resource.POD, key, 1);
  }

  @Override
  public String toString() {
    return "Pod " + name();
  }
}
