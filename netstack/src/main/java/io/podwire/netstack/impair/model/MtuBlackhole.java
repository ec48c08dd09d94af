package io.podwire.netstack.impair.model;

/**
 * IP packets longer than the MTU disappear without an ICMP error, as behind a misconfigured tunnel
 * (RFC 2923, section 2.1); netem has no counterpart.
 */
public record MtuBlackhole(int mtu) implements Impairment {

  public MtuBlackhole {
    Checks.positive("mtu", mtu);
  }
}
