package io.podwire.packet;

/** IEEE 802 numbers of the protocols that an Ethernet frame carries. */
public final class EtherType {
  public static final int IPV4 = 0x0800;
  public static final int ARP = 0x0806;
  public static final int VLAN = 0x8100;
  public static final int IPV6 = 0x86dd;

  /** The outer tag of 802.1ad (QinQ). */
  public static final int SERVICE_VLAN = 0x88a8;

  private EtherType() {}
}
