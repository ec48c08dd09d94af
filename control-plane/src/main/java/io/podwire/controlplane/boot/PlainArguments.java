package io.podwire.controlplane.boot;

import java.util.Map;
import java.util.Optional;

/**
 * Reads a command line as {@code podwire up} writes it, {@code --option=value} throughout, without
 * the library that knows everything else: a cluster waits for its control plane.
 */
final class PlainArguments {

  private static final String VARIABLE = "PODWIRE_";

  private PlainArguments() {}

  /** The options; empty where anything is not as plain as that. */
  static Optional<Options> read(String[] arguments, Map<String, String> environment) {
    Options options = new Options();
    options.proxyMode = Options.PROXY_MODE;
    options.zone = Options.ZONE;
    options.vni = Options.VNI;
    options.nodeGrace = Options.NODE_GRACE;
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0 || argument.indexOf('"') >= 0 || argument.indexOf('\'') >= 0) {
        return Optional.empty();
      }
      if (!take(options, argument.substring(0, equals), argument.substring(equals + 1))) {
        return Optional.empty();
      }
    }
    boolean complete =
        !options.grpc.isEmpty()
            && !options.id.isEmpty()
            && !options.podCidrs.isEmpty()
            && !options.serviceCidrs.isEmpty()
            && !options.nodeCidr.isEmpty()
            && !options.loadBalancerCidrs.isEmpty();
    return complete && environment.keySet().stream().noneMatch(PlainArguments::isOption)
        ? Optional.of(options)
        : Optional.empty();
  }

  /** Whether the variable may be an option's: those of the programs' surroundings are not. */
  private static boolean isOption(String variable) {
    return variable.startsWith(VARIABLE)
        && !variable.equals("PODWIRE_CLUSTER_DIR")
        && !variable.equals("PODWIRE_LOG_LEVEL");
  }

  private static boolean take(Options options, String name, String value) {
    switch (name) {
      case "--id" -> options.id = value;
      case "--data" -> options.data = value;
      case "--grpc" -> options.grpc = value;
      case "--api-socket" -> options.apiSocket = value;
      case "--pod-cidr" -> options.podCidrs.add(value);
      case "--service-cidr" -> options.serviceCidrs.add(value);
      case "--node-cidr" -> options.nodeCidr = value;
      case "--load-balancer-cidr" -> options.loadBalancerCidrs.add(value);
      case "--proxy-mode" -> options.proxyMode = value;
      case "--upstream" -> options.upstreams.add(value);
      case "--ready-file" -> options.readyFile = value;
      default -> {
        return false;
      }
    }
    return !value.isEmpty() && value.indexOf(',') < 0;
  }
}
