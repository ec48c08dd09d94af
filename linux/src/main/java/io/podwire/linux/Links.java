package io.podwire.linux;

import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The links of a namespace (rtnetlink(7), RTM_*LINK). Thread-safe. */
public final class Links {

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_GETLINK = 18;
  private static final int HEADER_LENGTH = 16;

  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int IFLA_GSO_MAX_SIZE = 41;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int VETH_INFO_PEER = 1;
  private static final int IFLA_BR_AGEING_TIME = 4;
  private static final int IFLA_BR_STP_STATE = 5;
  private static final int IFLA_BR_MCAST_SNOOPING = 23;
  private static final int IFLA_VXLAN_ID = 1;
  private static final int IFLA_VXLAN_LOCAL = 4;
  private static final int IFLA_VXLAN_LEARNING = 7;
  private static final int IFLA_VXLAN_PORT = 15;
  private static final int IFLA_VXLAN_LOCAL6 = 17;

  private static final int IFF_UP = 0x1;
  private static final int IFF_RUNNING = 0x40;
  private static final int TICKS_PER_SECOND = 100;
  private static final int NAME_MAX = 15;

  private final NetlinkSocket socket;

  Links(NetlinkSocket socket) {
    this.socket = socket;
  }

  public List<Link> list() {
    return socket.exchange(
        "list links", header(RTM_GETLINK, NetlinkMessage.DUMP, 0, 0, 0), Links::link);
  }

  public Optional<Link> find(String name) {
    try {
      return socket
          .exchange(
              "link " + name,
              header(RTM_GETLINK, NetlinkMessage.ACK, 0, 0, 0)
                  .attribute(IFLA_IFNAME, checked(name)),
              Links::link)
          .stream()
          .findFirst();
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENODEV) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The link of that name; a {@link LinuxException} where there is none. */
  public Link get(String name) {
    return find(name)
        .orElseThrow(() -> new LinuxException("netlink", Errno.ENODEV, "link " + name));
  }

  /** A bridge, down. */
  public void createBridge(String name, BridgeSettings settings) {
    create(
        name,
        "bridge",
        data ->
            data.attribute32(IFLA_BR_AGEING_TIME, settings.ageingSeconds() * TICKS_PER_SECOND)
                .attribute32(IFLA_BR_STP_STATE, settings.spanningTree() ? 1 : 0)
                .attribute8(IFLA_BR_MCAST_SNOOPING, settings.multicastSnooping() ? 1 : 0));
  }

  /** Two joined links, both here and down. */
  public void createVeth(String name, String peer) {
    createVeth(name, peer, message -> {});
  }

  /** Two joined links, down; the peer is born in the other namespace. */
  public void createVeth(String name, String peer, NetworkNamespace peerNamespace) {
    createVeth(
        name, peer, message -> message.attribute32(IFLA_NET_NS_FD, peerNamespace.descriptor()));
  }

  private void createVeth(String name, String peer, Consumer<NetlinkMessage> place) {
    create(
        name,
        "veth",
        data ->
            data.enclosed(
                VETH_INFO_PEER,
                message -> {
                  ifinfo(message, 0, 0, 0).attribute(IFLA_IFNAME, checked(peer));
                  place.accept(message);
                }));
  }

  /** A VXLAN device, down. */
  public void createVxlan(String name, VxlanSettings settings) {
    create(
        name,
        "vxlan",
        data ->
            data.attribute32(IFLA_VXLAN_ID, settings.vni())
                .attribute(
                    settings.local().isIpv4() ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6,
                    settings.local())
                .attribute8(IFLA_VXLAN_LEARNING, settings.learning() ? 1 : 0)
                .attributePort(IFLA_VXLAN_PORT, settings.port()));
  }

  private void create(String name, String kind, Consumer<NetlinkMessage> data) {
    socket.change(
        "create " + kind + " " + name,
        header(
                RTM_NEWLINK,
                NetlinkMessage.ACK | NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE,
                0,
                0,
                0)
            .attribute(IFLA_IFNAME, checked(name))
            .enclosed(
                IFLA_LINKINFO,
                info -> info.attribute(IFLA_INFO_KIND, kind).enclosed(IFLA_INFO_DATA, data)));
  }

  public void delete(String name) {
    socket.change(
        "delete link " + name, header(RTM_DELLINK, NetlinkMessage.ACK, get(name).index(), 0, 0));
  }

  public void setUp(String name) {
    socket.change(
        "set link " + name + " up",
        header(RTM_NEWLINK, NetlinkMessage.ACK, get(name).index(), IFF_UP, IFF_UP));
  }

  public void setDown(String name) {
    socket.change(
        "set link " + name + " down",
        header(RTM_NEWLINK, NetlinkMessage.ACK, get(name).index(), 0, IFF_UP));
  }

  /** Octets of an IP packet, without the Ethernet header. */
  public void setMtu(String name, int mtu) {
    socket.change("set mtu " + mtu + " of " + name, to(name).attribute32(IFLA_MTU, mtu));
  }

  /**
   * The largest unsegmented packet that the kernel may hand to the link, with headers: at most
   * 65,536 octets.
   */
  public void setSegmentationLimit(String name, int octets) {
    socket.change(
        "set segmentation limit " + octets + " of " + name,
        to(name).attribute32(IFLA_GSO_MAX_SIZE, octets));
  }

  public void setMac(String name, MacAddress mac) {
    socket.change("set address " + mac + " of " + name, to(name).attribute(IFLA_ADDRESS, mac));
  }

  /** Makes it a port of the bridge. */
  public void setMaster(String name, String bridge) {
    socket.change(
        "set master " + bridge + " of " + name,
        to(name).attribute32(IFLA_MASTER, get(bridge).index()));
  }

  /** Takes it off its bridge. */
  public void clearMaster(String name) {
    socket.change("clear master of " + name, to(name).attribute32(IFLA_MASTER, 0));
  }

  public void rename(String name, String newName) {
    socket.change(
        "rename link " + name + " to " + newName,
        to(name).attribute(IFLA_IFNAME, checked(newName)));
  }

  /** Hands it over to another namespace, where it is down and has lost its addresses. */
  public void moveTo(String name, NetworkNamespace namespace) {
    socket.change(
        "move link " + name + " to " + namespace,
        to(name).attribute32(IFLA_NET_NS_FD, namespace.descriptor()));
  }

  int index(String name) {
    return get(name).index();
  }

  private NetlinkMessage to(String name) {
    return header(RTM_NEWLINK, NetlinkMessage.ACK, get(name).index(), 0, 0);
  }

  static NetlinkMessage header(int type, int flags, int index, int set, int mask) {
    return ifinfo(new NetlinkMessage(type, flags), index, set, mask);
  }

  private static NetlinkMessage ifinfo(NetlinkMessage message, int index, int set, int mask) {
    return message.int8(0).int8(0).int16(0).int32(index).int32(set).int32(mask);
  }

  private static String checked(String name) {
    if (name.isEmpty() || name.length() > NAME_MAX || name.contains("/") || name.contains(" ")) {
      throw new IllegalArgumentException(
          "link name '" + name + "' must have 1-" + NAME_MAX + " characters, no / or blank");
    }
    return name;
  }

  private static Link link(ByteBuffer answer) {
    int index = answer.getInt(4);
    int flags = answer.getInt(8);
    NetlinkAttributes attributes = new NetlinkAttributes(answer.position(HEADER_LENGTH));
    return new Link(
        index,
        attributes.text(IFLA_IFNAME).orElse(""),
        attributes.nested(IFLA_LINKINFO).flatMap(info -> info.text(IFLA_INFO_KIND)).orElse(""),
        attributes.mac(IFLA_ADDRESS).orElse(null),
        attributes.int32(IFLA_MTU, 0),
        (flags & IFF_UP) != 0,
        (flags & IFF_RUNNING) != 0,
        attributes.int32(IFLA_MASTER, 0));
  }
}
