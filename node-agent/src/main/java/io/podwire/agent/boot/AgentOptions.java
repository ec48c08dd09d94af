package io.podwire.agent.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line as written; {@link AgentConfig} checks it. */
final class AgentOptions {

  @Option(names = "--name", defaultValue = "${env:PODWIRE_NODE_NAME:-}", description = "node name")
  String name = "";

  @Option(
      names = "--address",
      defaultValue = "${env:PODWIRE_NODE_ADDRESS:-}",
      description = "the node's IPv4 address on the node network")
  String address = "";

  @Option(
      names = "--control-plane",
      split = ",",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:PODWIRE_CONTROL_PLANE}",
      description = "control planes, tried in turn")
  List<String> controlPlanes = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "${env:PODWIRE_STATE:-/var/lib/podwire}",
      description = "folder for Pods' state and logs (default: ${DEFAULT-VALUE})")
  Path state = Path.of("/var/lib/podwire");

  @Option(
      names = "--resolv-conf",
      paramLabel = "FILE",
      defaultValue = "${env:PODWIRE_RESOLV_CONF:-/etc/resolv.conf}",
      description =
          "what the node resolves names with, and its Pods of dnsPolicy Default"
              + " (default: ${DEFAULT-VALUE})")
  Path resolvConf = Path.of("/etc/resolv.conf");

  @Option(
      names = "--attach-socket",
      paramLabel = "FILE|none",
      defaultValue = "${env:PODWIRE_ATTACH_SOCKET:-}",
      description =
          "unix socket where programs make their network namespaces Pods"
              + " (default: attach.sock in the folder of --state)")
  String attachSocket = "";

  @Option(
      names = "--preset",
      defaultValue = "${env:PODWIRE_PRESET:-iana}",
      description = "iana: VXLAN on UDP 4789; flannel: 8472 (default: ${DEFAULT-VALUE})")
  String preset = "iana";

  @Option(
      names = "--vxlan-port",
      defaultValue = "${env:PODWIRE_VXLAN_PORT}",
      description = "UDP port of the tunnel, instead of the preset's")
  @Nullable Integer vxlanPort;

  @Option(
      names = "--grpc-port",
      defaultValue = "${env:PODWIRE_GRPC_PORT:-10250}",
      description = "TCP port for exec and logs (default: ${DEFAULT-VALUE})")
  int grpcPort = 10_250;

  @Option(
      names = "--offloads",
      paramLabel = "auto|off",
      defaultValue = "${env:PODWIRE_OFFLOADS:-auto}",
      description =
          "auto: unsegmented frames where the kernel has them; off: every packet by itself"
              + " (default: ${DEFAULT-VALUE})")
  String offloads = "auto";

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "label of the Node object")
  List<String> labels = new ArrayList<>();

  @Option(names = "--ready-file", paramLabel = "FILE", description = "written once the node serves")
  @Nullable Path readyFile;

  @Option(
      names = "--runtime-classpath",
      paramLabel = "PATH",
      description = "class path of the built-in images (default: the agent's own)")
  String runtimeClasspath = System.getProperty("java.class.path", "");

  @Option(
      names = "--start-caches",
      paramLabel = "DIR",
      defaultValue = "${env:PODWIRE_START_CACHES}",
      description = "AOT caches of the built-in images")
  @Nullable Path startCaches;

  @Option(
      names = "--record-start-caches",
      hidden = true,
      description = "have the built-in images' programs make their caches")
  boolean recordStartCaches;
}
