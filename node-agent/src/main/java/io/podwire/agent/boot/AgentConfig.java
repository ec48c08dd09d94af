package io.podwire.agent.boot;

import io.podwire.agent.pod.JavaRuntime;
import io.podwire.linux.UnixSocket;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's configuration, checked.
 *
 * @param addresses the node's on the node network, at most one per family; the tunnel goes over the
 *     first one's
 * @param controlPlanes {@code host:port} of each
 * @param resolvConf what the node itself resolves with, which some Pods share
 * @param offloads whether frames may be larger than packets where the kernel has that
 * @param attachSocket where programs attach Pods; null for nowhere
 * @param readyFile written once the node serves; null for none
 * @param runtime what the built-in images' programs run on
 */
record AgentConfig(
    String name,
    List<IpAddress> addresses,
    List<String> controlPlanes,
    Path state,
    Path resolvConf,
    int vxlanPort,
    int grpcPort,
    boolean offloads,
    Map<String, String> labels,
    @Nullable Path attachSocket,
    @Nullable Path readyFile,
    JavaRuntime runtime) {

  /** Flannel's choice of port, the Linux kernel's default before IANA assigned one. */
  private static final Map<String, Integer> PRESETS =
      Map.of("flannel", VxlanView.LEGACY_PORT, "iana", VxlanView.PORT);

  private static final Logger LOG = LoggerFactory.getLogger(AgentConfig.class);

  private static final String NAME = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?";

  AgentConfig {
    addresses = List.copyOf(addresses);
    controlPlanes = List.copyOf(controlPlanes);
    labels = Map.copyOf(labels);
  }

  /** By which other nodes reach this one. */
  IpAddress address() {
    return addresses.getFirst();
  }

  /** Options that do not make a configuration, each with its name, value and what to write. */
  static final class InvalidConfig extends RuntimeException {
    private final transient List<String> problems;

    InvalidConfig(List<String> problems) {
      super(String.join("\n", problems));
      this.problems = List.copyOf(problems);
    }

    List<String> problems() {
      return problems;
    }
  }

  /** Checks the options and throws {@link InvalidConfig} with everything that is wrong. */
  static AgentConfig of(AgentOptions options) {
    List<String> problems = new ArrayList<>();
    if (options.name.isEmpty()) {
      problems.add("--name: missing; give the node's name, such as node-1");
    } else if (!options.name.matches(NAME)) {
      problems.add(
          "--name: '" + options.name + "' is not a DNS subdomain; write it like node-1 (RFC 1123)");
    }
    List<IpAddress> addresses = addresses(options.address, problems);
    if (options.controlPlanes.isEmpty()) {
      problems.add("--control-plane: missing; give host:port, several separated by commas");
    }
    for (String controlPlane : options.controlPlanes) {
      checkHostPort(controlPlane, problems);
    }
    int vxlanPort = vxlanPort(options, problems);
    checkPort("--vxlan-port", vxlanPort, problems);
    checkPort("--grpc-port", options.grpcPort, problems);
    if (!options.offloads.equals("auto") && !options.offloads.equals("off")) {
      problems.add("--offloads: '" + options.offloads + "' is unknown; choose auto or off");
    }
    Map<String, String> labels = labels(options.labels, problems);
    Path attachSocket = attachSocket(options, problems);
    if (!problems.isEmpty()) {
      throw new InvalidConfig(problems);
    }
    return new AgentConfig(
        options.name,
        addresses,
        options.controlPlanes,
        options.state.toAbsolutePath(),
        options.resolvConf.toAbsolutePath(),
        vxlanPort,
        options.grpcPort,
        options.offloads.equals("auto"),
        labels,
        attachSocket,
        options.readyFile,
        new JavaRuntime(options.runtimeClasspath, options.startCaches, options.recordStartCaches));
  }

  private static List<IpAddress> addresses(String text, List<String> problems) {
    List<IpAddress> addresses = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      Optional<IpAddress> address = IpAddress.tryParse(each);
      if (address.isEmpty()) {
        problems.add(
            "--address: '" + each + "' is not an IP address; give the node's, such as 172.30.0.11");
      } else if (addresses.stream().anyMatch(a -> a.isIpv4() == address.get().isIpv4())) {
        problems.add("--address: '" + text + "' has two of one family; give one IPv4, one IPv6");
      } else {
        addresses.add(address.get());
      }
    }
    return addresses;
  }

  private static @Nullable Path attachSocket(AgentOptions options, List<String> problems) {
    if (options.attachSocket.equals("none")) {
      return null;
    }
    boolean given = !options.attachSocket.isEmpty();
    Path path =
        (given ? Path.of(options.attachSocket) : options.state.resolve("attach.sock"))
            .toAbsolutePath();
    if (path.toString().getBytes(StandardCharsets.UTF_8).length <= UnixSocket.PATH_MAX) {
      return path;
    }
    if (given) {
      problems.add(
          "--attach-socket: '%s' is longer than %d octets; choose a shorter path"
              .formatted(path, UnixSocket.PATH_MAX));
    } else {
      LOG.info(
          "no Pods can be attached: {} is longer than {} octets; give a shorter --attach-socket",
          path,
          UnixSocket.PATH_MAX);
    }
    return null;
  }

  private static int vxlanPort(AgentOptions options, List<String> problems) {
    Integer preset = PRESETS.get(options.preset);
    if (preset == null) {
      problems.add("--preset: '" + options.preset + "' is unknown; choose iana or flannel");
    }
    return options.vxlanPort != null ? options.vxlanPort : preset == null ? 1 : preset;
  }

  private static void checkPort(String option, int port, List<String> problems) {
    if (port < 1 || port > 65_535) {
      problems.add(option + ": " + port + " is not a port; choose 1-65535");
    }
  }

  private static void checkHostPort(String text, List<String> problems) {
    int colon = text.lastIndexOf(':');
    boolean valid =
        colon > 0
            && text.substring(colon + 1).matches("[0-9]{1,5}")
            && Integer.parseInt(text.substring(colon + 1)) <= 65_535;
    if (!valid) {
      problems.add("--control-plane: '" + text + "' is not host:port, such as 172.30.0.2:6500");
    }
  }

  private static Map<String, String> labels(List<String> texts, List<String> problems) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        problems.add("--label: '" + text + "' is not key=value");
      } else {
        labels.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return labels;
  }
}
