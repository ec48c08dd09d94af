package io.podwire.netstack.service;

/** A scheduler of the Linux IP virtual server, by the name that {@code ipvsadm} has for it. */
public enum IpvsScheduler {
  RR,
  WRR,
  LC,
  WLC,
  LBLC,
  LBLCR,
  DH,
  SH,
  SED,
  NQ,
  MH,
  OVF
}
