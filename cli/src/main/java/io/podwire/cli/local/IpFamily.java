package io.podwire.cli.local;

import java.util.List;
import java.util.Locale;

/** Which addresses a local cluster has, with the ranges that it takes unless others are given. */
public enum IpFamily {
  IPV4(List.of("10.244.0.0/16"), List.of("10.96.0.0/16"), List.of("172.30.0.0/24")),
  IPV6(List.of("fd00:10:244::/48"), List.of("fd00:10:96::/112"), List.of("fd00:172:30::/64")),
  /** IPv4 first: the node network's tunnels are of IPv4. */
  DUAL(
      List.of("10.244.0.0/16", "fd00:10:244::/48"),
      List.of("10.96.0.0/16", "fd00:10:96::/112"),
      List.of("172.30.0.0/24", "fd00:172:30::/64"));

  private final List<String> podCidrs;
  private final List<String> serviceCidrs;
  private final List<String> nodeCidrs;

  IpFamily(List<String> podCidrs, List<String> serviceCidrs, List<String> nodeCidrs) {
    this.podCidrs = podCidrs;
    this.serviceCidrs = serviceCidrs;
    this.nodeCidrs = nodeCidrs;
  }

  public List<String> podCidrs() {
    return podCidrs;
  }

  public List<String> serviceCidrs() {
    return serviceCidrs;
  }

  public List<String> nodeCidrs() {
    return nodeCidrs;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
