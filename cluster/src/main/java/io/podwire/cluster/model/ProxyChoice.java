package io.podwire.cluster.model;

import java.util.List;

/**
 * How nodes balance connections to Services, by the names that kube-proxy and ipvsadm have for it;
 * as text {@code iptables} or {@code ipvs/wrr}.
 *
 * @param mode one of {@link #MODES}
 * @param scheduler one of {@link #SCHEDULERS}; matters to mode {@code ipvs} alone
 */
public record ProxyChoice(String mode, String scheduler) {

  /** The modes, the usual one first. */
  public static final List<String> MODES =
      List.of("iptables", "ipvs", "nftables", "userspace", "maglev");

  /** The schedulers of mode {@code ipvs}, the usual one first. */
  public static final List<String> SCHEDULERS =
      List.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "mh", "ovf");

  public static final ProxyChoice DEFAULT = new ProxyChoice("iptables", "rr");

  private static final String IPVS = "ipvs";

  /**
   * Reads a choice.
   *
   * @throws IllegalArgumentException with what is wrong and what may be written
   */
  public static ProxyChoice parse(String text) {
    int slash = text.indexOf('/');
    String mode = slash < 0 ? text : text.substring(0, slash);
    if (!MODES.contains(mode)) {
      throw new IllegalArgumentException(
          "'" + mode + "' is no proxy mode; write one of " + String.join(", ", MODES));
    }
    if (slash < 0) {
      return new ProxyChoice(mode, DEFAULT.scheduler());
    }
    String scheduler = text.substring(slash + 1);
    if (!mode.equals(IPVS)) {
      throw new IllegalArgumentException(
          "mode " + mode + " has no schedulers; write " + mode + ", or ipvs/" + scheduler);
    }
    if (!SCHEDULERS.contains(scheduler)) {
      throw new IllegalArgumentException(
          "'"
              + scheduler
              + "' is no scheduler of ipvs; write one of "
              + String.join(", ", SCHEDULERS));
    }
    return new ProxyChoice(mode, scheduler);
  }

  @Override
  public String toString() {
    return mode.equals(IPVS) ? mode + "/" + scheduler : mode;
  }
}
