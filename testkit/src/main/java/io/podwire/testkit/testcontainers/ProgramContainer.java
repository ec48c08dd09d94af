package io.podwire.testkit.testcontainers;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import io.podwire.testkit.cluster.ClusterFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * One of a cluster's programs in a container, with no more rights than it needs: docker/README.md
 * says what each of a node's is for.
 */
final class ProgramContainer extends GenericContainer<ProgramContainer> {
  /** Read-only for containers, but not for its own network's settings. */
  private static final Map<String, String> FORWARDING = Map.of("net.ipv4.ip_forward", "1");

  private static final Capability[] NODE_CAPABILITIES = {
    Capability.NET_ADMIN,
    Capability.SYS_ADMIN,
    Capability.SYS_CHROOT,
    Capability.NET_RAW,
    Capability.SETUID,
    Capability.SETGID
  };

  private static final String TUN = "/dev/net/tun";

  private final String program;

  ProgramContainer(String program, String image, List<String> arguments) {
    super(DockerImageName.parse(image));
    this.program = program;
    withCommand(arguments.toArray(String[]::new));
    // Netty unpacks its native library in /tmp.
    withTmpFs(Map.of("/tmp", "exec,mode=1777", "/run/podwire", "mode=1777"));
    withCreateContainerCmdModifier(command -> {
      HostConfig host = Objects.requireNonNull(command.getHostConfig());
      host.withInit(true)
          .withCapDrop(Capability.ALL)
          .withSecurityOpts(List.of("no-new-privileges"));
    });
    // All are waited for together, by what the control plane says of them.
    waitingFor(
        new AbstractWaitStrategy() {
          @Override
          protected void waitUntilReady() {}
        });
  }

  String program() {
    return program;
  }

  /** With this address on the cluster's network. */
  ProgramContainer at(ClusterNetwork network, int number) {
    withNetworkMode(network.id());
    withCreateContainerCmdModifier(
        command -> command.withHostName(program).withIpv4Address(network.address(number)));
    return this;
  }

  /** Reachable at a port that the engine chooses, from its own machine alone where it is this. */
  ProgramContainer published(int port) {
    withExposedPorts(port);
    withCreateContainerCmdModifier(command -> {
      HostConfig host = Objects.requireNonNull(command.getHostConfig());
      boolean here = getHost().equals("localhost") || getHost().startsWith("127.");
      Ports.Binding binding = here ? Ports.Binding.bindIp("127.0.0.1") : Ports.Binding.empty();
      host.withPortBindings(new PortBinding(binding, ExposedPort.tcp(port)));
    });
    return this;
  }

  /** With what a node's Pods need: they are processes in namespaces of their own. */
  ProgramContainer asNode() {
    withCreateContainerCmdModifier(command ->
        Objects.requireNonNull(command.getHostConfig())
            .withCapAdd(NODE_CAPABILITIES)
            .withDevices(new Device("rwm", TUN, TUN))
            .withSysctls(FORWARDING)
            .withSecurityOpts(List.of("no-new-privileges", "apparmor:unconfined")));
    return this;
  }

  /** Without a network but the TAP that it makes itself, and without a right but that. */
  ProgramContainer asSandbox(String hostName) {
    withNetworkMode("none");
    withCreateContainerCmdModifier(command ->
        Objects.requireNonNull(command.getHostConfig())
            .withCapAdd(Capability.NET_ADMIN)
            .withDevices(new Device("rwm", TUN, TUN)));
    withCreateContainerCmdModifier(command -> command.withHostName(hostName));
    return this;
  }

  /** With a volume, by which containers of one machine share a folder. */
  ProgramContainer sharing(String volume, String path) {
    withCreateContainerCmdModifier(command -> {
      HostConfig host = Objects.requireNonNull(command.getHostConfig());
      List<Bind> binds = new ArrayList<>(List.of(host.getBinds()));
      binds.add(new Bind(volume, new Volume(path), AccessMode.rw));
      host.withBinds(binds);
    });
    return this;
  }

  /** Ports below 1024 without a capability. */
  ProgramContainer withLowPorts() {
    withCreateContainerCmdModifier(command ->
        Objects.requireNonNull(command.getHostConfig())
            .withSysctls(Map.of("net.ipv4.ip_unprivileged_port_start", "0")));
    return this;
  }

  /** The end of what it has said; empty where it is not there. */
  List<String> logTail(int lines) {
    List<String> all = log().lines().toList();
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /** All that it has said; empty where it is not there. */
  String log() {
    try {
      return getContainerId() == null ? "" : getLogs();
    } catch (RuntimeException gone) {
      return "";
    }
  }

  /** Whether a command in it succeeds; false where it is not running. */
  boolean succeeds(String... command) {
    try {
      return execInContainer(command).getExitCode() == 0;
    } catch (IOException | RuntimeException gone) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ClusterFailure("interrupted", stopped);
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
