package io.podwire.netstack.service;

/**
 * How a node balances connections to Services.
 *
 * @param scheduler matters to {@link ProxyMode#IPVS} alone
 */
public record ProxySettings(ProxyMode mode, IpvsScheduler scheduler) {

  /** What a node does until it is told otherwise. */
  public static final ProxySettings DEFAULT =
      new ProxySettings(ProxyMode.IPTABLES, IpvsScheduler.RR);
}
