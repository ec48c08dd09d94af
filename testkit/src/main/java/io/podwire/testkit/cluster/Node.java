package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.Resource;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.assertion.Addressed;
import java.util.LinkedHashSet;
import java.util.Set;

/** A node. Thread-safe. */
public final class Node implements Addressed {
  private final Cluster cluster;
  private final String name;

  Node(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  /** The object as JSON. */
  public JsonNode object() {
    return cluster.api().get(Resource.NODE.objectPath("", name));
  }

  /** Its addresses on the node network. */
  @Override
  public Set<IpAddress> addresses() {
    Set<IpAddress> addresses = new LinkedHashSet<>();
    for (JsonNode address : object().at("/status/addresses")) {
      IpAddress.tryParse(address.path("address").asText()).ifPresent(addresses::add);
    }
    return addresses;
  }

  /** Kills the node's agent (kill -9), and returns when its successor serves; Pods run on. */
  public void restart() {
    cluster.programs().restart(name);
  }

  /** The agent stands still until {@link #close}: SIGSTOP and SIGCONT. */
  public final class Pause implements AutoCloseable {
    private Pause() {
      cluster.programs().signal(name, "STOP");
    }

    @Override
    public void close() {
      cluster.programs().signal(name, "CONT");
      cluster.resumed(this);
    }

    @Override
    public String toString() {
      return "pause of Node " + name;
    }
  }

  /**
   * Stops the agent where it is: nothing passes the node's network until it is closed.
   *
   * @throws ClusterFailure where it is not running
   */
  public Pause pause() {
    Pause pause = new Pause();
    cluster.paused(pause);
    return pause;
  }

  @Override
  public String toString() {
    return "Node " + name;
  }
}
