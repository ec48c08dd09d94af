package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.Resource;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.assertion.Addressed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A node. Thread-safe. */
public final class Node implements Addressed {
  private static final Duration RESTART = Duration.ofSeconds(60);

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
    cluster.command(RESTART, List.of("node", "restart", name));
  }

  /** The agent stands still until {@link #close}: SIGSTOP and SIGCONT. */
  public final class Pause implements AutoCloseable {
    private final long pid;

    private Pause(long pid) {
      this.pid = pid;
      signal("STOP");
    }

    private void signal(String signal) {
      try {
        int exit =
            new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
          throw new ClusterFailure("the agent of " + name + " (process " + pid + ") has gone");
        }
      } catch (IOException failure) {
        throw new ClusterFailure("cannot run /bin/sh: " + failure.getMessage(), failure);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new ClusterFailure("interrupted", stopped);
      }
    }

    @Override
    public void close() {
      signal("CONT");
      cluster.resumed(this);
    }

    @Override
    public String toString() {
      return "pause of Node " + name;
    }
  }

  /** Stops the agent where it is: nothing passes the node's network until it is closed. */
  public Pause pause() {
    Path file = cluster.state().pid(name);
    try {
      Pause pause = new Pause(Long.parseLong(Files.readString(file).strip()));
      cluster.paused(pause);
      return pause;
    } catch (IOException | NumberFormatException absent) {
      throw new ClusterFailure("the agent of " + name + " is not running", absent);
    }
  }

  @Override
  public String toString() {
    return "Node " + name;
  }
}
