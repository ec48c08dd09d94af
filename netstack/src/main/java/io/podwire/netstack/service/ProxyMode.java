package io.podwire.netstack.service;

/** A way in which a node balances connections to Services, as kube-proxy's {@code --proxy-mode}. */
public enum ProxyMode {
  /** Rule chains, evaluated one after the other. */
  IPTABLES,
  /** Hash tables and a scheduler of IPVS. */
  IPVS,
  /** Verdict maps. */
  NFTABLES,
  /** Connections that the node accepts and makes anew. */
  USERSPACE,
  /** Consistent hashing as Cilium does it. */
  MAGLEV
}
