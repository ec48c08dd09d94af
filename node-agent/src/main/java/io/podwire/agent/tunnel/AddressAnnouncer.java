package io.podwire.agent.tunnel;

import io.podwire.linux.Link;
import io.podwire.linux.LinuxException;
import io.podwire.linux.LoopDescriptor;
import io.podwire.linux.Netlink;
import io.podwire.linux.PacketSocket;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.packet.ArpView;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers ARP on the node network for load balancers' addresses, as MetalLB's layer-2 mode does:
 * the kernel does not know them, so that nobody answers once the agent is gone.
 *
 * <p>A new address is announced unasked a few times, for those who still know another node's MAC
 * (RFC 5227, section 3). Confined to the node's event loop.
 */
public final class AddressAnnouncer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AddressAnnouncer.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Announcements of a new address, one a second. */
  private static final int REPEATS = 5;

  private static final int BURST = 64;

  private final PacketSocket socket;
  private final MacAddress mac;
  private final Map<IpAddress, Integer> unannounced = new HashMap<>();
  private final EthernetView ethernet = new EthernetView();
  private final ArpView arp = new ArpView();
  private @Nullable LoopDescriptor handle;

  private AddressAnnouncer(PacketSocket socket, MacAddress mac) {
    this.socket = socket;
    this.mac = mac;
  }

  /** Starts to listen; null where the machine does not let the agent do so. */
  public static @Nullable AddressAnnouncer start(NodeLoop loop, String nodeLink) {
    try (Netlink netlink = Netlink.open()) {
      Link link =
          netlink.links().list().stream()
              .filter(candidate -> candidate.name().equals(nodeLink))
              .findFirst()
              .orElseThrow();
      MacAddress mac = link.mac();
      if (mac == null) {
        return null;
      }
      AddressAnnouncer announcer =
          new AddressAnnouncer(PacketSocket.open(link.index(), EtherType.ARP), mac);
      announcer.handle = loop.watch(announcer.socket.descriptor(), announcer::answer);
      loop.repeat(announcer::announce, PERIOD);
      return announcer;
    } catch (LinuxException e) {
      LOG.warn("this node answers for no load balancer: {}", e.getMessage());
      return null;
    }
  }

  /** Answers for these addresses, and no others any more. */
  public void replace(Set<IpAddress> addresses) {
    unannounced.keySet().retainAll(addresses);
    boolean more = false;
    for (IpAddress address : addresses) {
      more |= address.isIpv4() && unannounced.putIfAbsent(address, REPEATS) == null;
    }
    if (more) {
      announce();
    }
  }

  private void announce() {
    unannounced.forEach((address, left) -> {
      if (left > 0) {
        send(ArpFrames.request(mac, address, address));
      }
    });
    unannounced.replaceAll((address, left) -> Math.max(0, left - 1));
  }

  private void answer() {
    for (int i = 0; i < BURST; i++) {
      byte[] question = socket.receive();
      if (question.length == 0) {
        return;
      }
      ByteBuffer buffer = ByteBuffer.wrap(question);
      int header = EthernetView.HEADER_LENGTH;
      if (ethernet.wrap(buffer, 0, question.length).check() == Defect.NONE
          && arp.wrap(buffer, header, question.length - header).check() == Defect.NONE
          && arp.operation() == ArpView.REQUEST
          && unannounced.containsKey(IpAddress.ofIpv4(arp.targetIp()))) {
        send(ArpFrames.reply(arp, mac));
      }
    }
  }

  private void send(Frame frame) {
    byte[] bytes = new byte[frame.length()];
    frame.buffer().get(frame.start(), bytes);
    socket.send(bytes);
  }

  @Override
  public void close() {
    LoopDescriptor open = handle;
    if (open != null) {
      open.close();
    }
    socket.close();
  }
}
