package io.podwire.netstack.service.iptables;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.RuleNames;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** A condition of a rule, and how {@code iptables-save} writes it. */
sealed interface Match {

  boolean matches(FirstPacket packet);

  /** With the option's letters before it. */
  String text();

  /** One address or a network that the packet comes from, or does not come from. */
  record Source(Cidr network, boolean not) implements Match {
    @Override
    public boolean matches(FirstPacket packet) {
      return network.contains(packet.source()) != not;
    }

    @Override
    public String text() {
      return (not ? "! -s " : "-s ") + network;
    }
  }

  /** The address that the packet goes to as it stands, after translation too. */
  record Destination(IpAddress address) implements Match {
    @Override
    public boolean matches(FirstPacket packet) {
      return packet.destination().equals(address);
    }

    @Override
    public String text() {
      return "-d " + Cidr.host(address);
    }
  }

  /** The protocol alone. */
  record Protocol(int number) implements Match {
    @Override
    public boolean matches(FirstPacket packet) {
      return packet.protocol() == number;
    }

    @Override
    public String text() {
      return "-p " + RuleNames.protocol(number);
    }
  }

  /** The destination's port, of a packet whose protocol has matched. */
  record Port(int protocol, int number) implements Match {
    @Override
    public boolean matches(FirstPacket packet) {
      return packet.destinationPort() == number;
    }

    @Override
    public String text() {
      return "-m " + RuleNames.protocol(protocol) + " --dport " + number;
    }
  }

  /** Matches always: what people read. */
  record Comment(String words) implements Match {
    @Override
    public boolean matches(FirstPacket packet) {
      return true;
    }

    @Override
    public String text() {
      return "-m comment --comment " + (words.indexOf(' ') < 0 ? words : '"' + words + '"');
    }
  }

  /** An address of the node as source or destination. */
  record Local(boolean source) implements Match {
    @Override
    public boolean matches(FirstPacket packet) {
      return source ? packet.isFromNode() : packet.isToNode();
    }

    @Override
    public String text() {
      return "-m addrtype " + (source ? "--src-type" : "--dst-type") + " LOCAL";
    }
  }

  /** True by lot. */
  record Chance(double probability, RandomGenerator random) implements Match {
    /** The kernel draws 31 bits. */
    private static final int RANGE = Integer.MAX_VALUE;

    @Override
    public boolean matches(FirstPacket packet) {
      return (random.nextInt() & RANGE) < Math.round(probability * (RANGE + 1.0));
    }

    @Override
    public String text() {
      return "-m statistic --mode random --probability "
          + String.format(Locale.ROOT, "%.10f", probability);
    }
  }

  /** Whether the client is on a list, and not for too long. */
  record Listed(RecentList list, int seconds) implements Match {
    @Override
    public boolean matches(FirstPacket packet) {
      return list.holds(packet.source(), seconds * 1000L, packet.nowMillis());
    }

    @Override
    public String text() {
      return "-m recent --rcheck --seconds "
          + seconds
          + " --reap --name "
          + list.name()
          + " --rsource";
    }
  }

  /** Enters the client into a list; matches always. */
  record Enter(RecentList list) implements Match {
    @Override
    public boolean matches(FirstPacket packet) {
      list.enter(packet.source(), packet.nowMillis());
      return true;
    }

    @Override
    public String text() {
      return "-m recent --set --name " + list.name() + " --rsource";
    }
  }
}
