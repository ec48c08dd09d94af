package io.podwire.linux;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** The IP addresses of a namespace's links (rtnetlink(7), RTM_*ADDR). Thread-safe. */
public final class Addresses {

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  private static final int RTM_NEWADDR = 20;
  private static final int RTM_DELADDR = 21;
  private static final int RTM_GETADDR = 22;
  private static final int HEADER_LENGTH = 8;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  // Duplicate address detection would hold an IPv6 address back for a second.
  private static final int IFA_F_NODAD = 0x02;

  private final NetlinkSocket socket;
  private final Links links;

  Addresses(NetlinkSocket socket, Links links) {
    this.socket = socket;
    this.links = links;
  }

  public List<InterfaceAddress> list() {
    return socket.exchange(
        "list addresses", header(RTM_GETADDR, NetlinkMessage.DUMP, 0, 0, 0), Addresses::read);
  }

  /** The addresses of one link. */
  public List<InterfaceAddress> list(String link) {
    int index = links.index(link);
    return list().stream().filter(address -> address.link() == index).toList();
  }

  /** Adds an address; one that is there already stays. */
  public void add(String link, IpAddress address, int prefixLength) {
    change(
        "add address " + address + "/" + prefixLength + " to " + link,
        RTM_NEWADDR,
        NetlinkMessage.ACK | NetlinkMessage.CREATE | NetlinkMessage.REPLACE,
        link,
        address,
        prefixLength);
  }

  public void remove(String link, IpAddress address, int prefixLength) {
    change(
        "remove address " + address + "/" + prefixLength + " from " + link,
        RTM_DELADDR,
        NetlinkMessage.ACK,
        link,
        address,
        prefixLength);
  }

  private void change(
      String what, int type, int flags, String link, IpAddress address, int prefixLength) {
    socket.change(
        what,
        header(type, flags, family(address), prefixLength, links.index(link))
            .attribute(IFA_LOCAL, address)
            .attribute(IFA_ADDRESS, address));
  }

  static int family(IpAddress address) {
    return address.isIpv4() ? AF_INET : AF_INET6;
  }

  private static NetlinkMessage header(
      int type, int flags, int family, int prefixLength, int index) {
    return new NetlinkMessage(type, flags)
        .int8(family)
        .int8(prefixLength)
        .int8(family == AF_INET6 ? IFA_F_NODAD : 0)
        .int8(0)
        .int32(index);
  }

  private static InterfaceAddress read(ByteBuffer answer) {
    int prefixLength = answer.get(1) & 0xff;
    int index = answer.getInt(4);
    NetlinkAttributes attributes = new NetlinkAttributes(answer.position(HEADER_LENGTH));
    IpAddress address =
        attributes
            .address(IFA_LOCAL)
            .or(() -> attributes.address(IFA_ADDRESS))
            .orElseThrow(() -> new LinuxException("netlink", Errno.EIO, "address without octets"));
    return new InterfaceAddress(index, address, prefixLength);
  }
}
