package io.podwire.agent.tunnel;

import io.podwire.linux.Link;
import io.podwire.linux.LinuxException;
import io.podwire.linux.LoopDescriptor;
import io.podwire.linux.Netlink;
import io.podwire.linux.PacketSocket;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on the node network for load balancers' addresses of one family, as MetalLB's layer-2
 * mode does: the kernel does not know them, so that nobody answers once the agent is gone.
 *
 * <p>A new address is announced unasked a few times, for those who still know another node's MAC
 * (RFC 5227, section 3; RFC 4861, section 7.2.6). Confined to the node's event loop.
 */
public final class AddressAnnouncer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AddressAnnouncer.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Announcements of a new address, one a second. */
  private static final int REPEATS = 5;

  private static final int BURST = 64;

  private final PacketSocket socket;
  private final AddressAnswers answers;
  private final boolean ipv4;
  private final Map<IpAddress, Integer> unannounced = new HashMap<>();
  private @Nullable LoopDescriptor handle;

  private AddressAnnouncer(PacketSocket socket, AddressAnswers answers, boolean ipv4) {
    this.socket = socket;
    this.answers = answers;
    this.ipv4 = ipv4;
  }

  /** Starts to listen; null where the machine does not let the agent do so. */
  public static @Nullable AddressAnnouncer start(NodeLoop loop, String nodeLink, boolean ipv4) {
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
          ipv4
              ? new AddressAnnouncer(ArpAnswers.listen(link), new ArpAnswers(mac), true)
              : new AddressAnnouncer(
                  DiscoveryAnswers.listen(link), DiscoveryAnswers.on(link, mac), false);
      announcer.handle = loop.watch(announcer.socket.descriptor(), announcer::answer);
      loop.repeat(announcer::announce, PERIOD);
      return announcer;
    } catch (LinuxException e) {
      LOG.warn("this node answers for no load balancer: {}", e.getMessage());
      return null;
    }
  }

  /** Answers for these addresses, and no others any more; those of another family are left out. */
  public void replace(Set<IpAddress> addresses) {
    unannounced.keySet().retainAll(addresses);
    boolean more = false;
    for (IpAddress address : addresses) {
      more |= address.isIpv4() == ipv4 && unannounced.putIfAbsent(address, REPEATS) == null;
    }
    answers.replace(unannounced.keySet());
    if (more) {
      announce();
    }
  }

  private void announce() {
    unannounced.forEach((address, left) -> {
      if (left > 0) {
        send(answers.announcement(address));
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
      Frame answer = answers.answer(question, unannounced.keySet());
      if (answer != null) {
        send(answer);
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
    answers.close();
  }
}
