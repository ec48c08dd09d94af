package io.podwire.linux;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;

/**
 * Permanent neighbour entries and forwarding entries of a namespace's links (rtnetlink(7),
 * RTM_*NEIGH). Thread-safe.
 */
public final class Neighbors {

  private static final int RTM_NEWNEIGH = 28;
  private static final int RTM_DELNEIGH = 29;
  private static final int AF_BRIDGE = 7;
  private static final int NDA_DST = 1;
  private static final int NDA_LLADDR = 2;
  private static final int NUD_PERMANENT = 0x80;
  private static final int NTF_SELF = 0x02;

  private final NetlinkSocket socket;
  private final Links links;

  Neighbors(NetlinkSocket socket, Links links) {
    this.socket = socket;
    this.links = links;
  }

  /** Sets the address's MAC for good, without ARP or ND. */
  public void set(String link, IpAddress address, MacAddress mac) {
    socket.change(
        "set neighbour " + address + " " + mac + " of " + link,
        header(
                RTM_NEWNEIGH,
                NetlinkMessage.CREATE | NetlinkMessage.REPLACE,
                Addresses.family(address),
                link,
                0)
            .attribute(NDA_DST, address)
            .attribute(NDA_LLADDR, mac));
  }

  public void remove(String link, IpAddress address) {
    socket.change(
        "remove neighbour " + address + " of " + link,
        header(RTM_DELNEIGH, 0, Addresses.family(address), link, 0).attribute(NDA_DST, address));
  }

  /** Frames to that MAC go to that VTEP of a VXLAN link. */
  public void setForwarding(String vxlan, MacAddress mac, IpAddress vtep) {
    forwarding("set", NetlinkMessage.CREATE | NetlinkMessage.REPLACE, vxlan, mac, vtep);
  }

  /**
   * One more VTEP for that MAC; for {@link MacAddress#ZERO} that is one that flooded frames go to.
   */
  public void appendForwarding(String vxlan, MacAddress mac, IpAddress vtep) {
    forwarding("append", NetlinkMessage.CREATE | NetlinkMessage.APPEND, vxlan, mac, vtep);
  }

  private void forwarding(String verb, int flags, String vxlan, MacAddress mac, IpAddress vtep) {
    socket.change(
        verb + " forwarding " + mac + " to " + vtep + " on " + vxlan,
        header(RTM_NEWNEIGH, flags, AF_BRIDGE, vxlan, NTF_SELF)
            .attribute(NDA_LLADDR, mac)
            .attribute(NDA_DST, vtep));
  }

  public void removeForwarding(String vxlan, MacAddress mac, IpAddress vtep) {
    socket.change(
        "remove forwarding " + mac + " to " + vtep + " on " + vxlan,
        header(RTM_DELNEIGH, 0, AF_BRIDGE, vxlan, NTF_SELF)
            .attribute(NDA_LLADDR, mac)
            .attribute(NDA_DST, vtep));
  }

  private NetlinkMessage header(int type, int flags, int family, String link, int entryFlags) {
    return new NetlinkMessage(type, flags | NetlinkMessage.ACK)
        .int8(family)
        .int8(0)
        .int16(0)
        .int32(links.index(link))
        .int16(NUD_PERMANENT)
        .int8(entryFlags)
        .int8(0);
  }
}
