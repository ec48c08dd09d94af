package io.podwire.packet.filter;

import io.podwire.packet.EtherType;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.filter.CaptureFilter.Condition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one filter expression (pcap-filter(7), a part of it). */
final class FilterParser {

  private static final int MAX_PORT = 65_535;

  /** Where a value may be. */
  private enum Side {
    SOURCE,
    DESTINATION,
    EITHER,
    BOTH;

    boolean holds(boolean source, boolean destination) {
      return switch (this) {
        case SOURCE -> source;
        case DESTINATION -> destination;
        case EITHER -> source || destination;
        case BOTH -> source && destination;
      };
    }
  }

  /** The keywords before a value; the protocol may be empty. */
  private record Qualifiers(String protocol, Side side, String type) {}

  private static final Map<String, Condition> PROTOCOLS =
      new TreeMap<>(
          Map.of(
              "ip", headers -> headers.etherType() == EtherType.IPV4,
              "ip6", headers -> headers.etherType() == EtherType.IPV6,
              "arp", headers -> headers.etherType() == EtherType.ARP,
              "tcp", headers -> headers.protocol() == IpProtocol.TCP,
              "udp", headers -> headers.protocol() == IpProtocol.UDP,
              "sctp", headers -> headers.protocol() == IpProtocol.SCTP,
              "icmp", headers -> headers.protocol() == IpProtocol.ICMP,
              "icmp6", headers -> headers.protocol() == IpProtocol.ICMPV6));

  private static final List<String> TYPES = List.of("host", "net", "port", "portrange");
  private static final Set<String> OPERATORS = Set.of("and", "or", "not", "(", ")");
  private static final Set<String> PORT_PROTOCOLS = Set.of("tcp", "udp", "sctp");
  private static final Set<String> ADDRESS_PROTOCOLS = Set.of("ip", "ip6", "arp");

  private static final String KNOWN =
      "known are host, net, port, portrange, src, dst, "
          + String.join(", ", PROTOCOLS.keySet())
          + ", and, or, not, ( and )";

  private final FilterTokens tokens;
  private Qualifiers last = new Qualifiers("", Side.EITHER, "host");

  FilterParser(String expression) {
    this.tokens = new FilterTokens(expression);
  }

  Condition parse() {
    Condition all = expression();
    if (!tokens.atEnd()) {
      throw tokens.wrong(
          tokens.peek().equals(")")
              ? "a ) without its ("
              : "\"" + tokens.peek() + "\" follows without and or or; " + KNOWN + ",");
    }
    return all;
  }

  private Condition expression() {
    Condition left = term();
    while (true) {
      if (tokens.take("and")) {
        Condition before = left;
        Condition right = term();
        left = headers -> before.matches(headers) && right.matches(headers);
      } else if (tokens.take("or")) {
        Condition before = left;
        Condition right = term();
        left = headers -> before.matches(headers) || right.matches(headers);
      } else {
        return left;
      }
    }
  }

  private Condition term() {
    if (tokens.take("not")) {
      Condition inner = term();
      return headers -> !inner.matches(headers);
    }
    if (tokens.take("(")) {
      Condition inner = expression();
      if (!tokens.take(")")) {
        throw tokens.wrong("a ) is missing");
      }
      return inner;
    }
    return primitive();
  }

  private Condition primitive() {
    String protocol = PROTOCOLS.containsKey(tokens.peek()) ? tokens.take() : "";
    Side side = side();
    String type = TYPES.contains(tokens.peek()) ? tokens.take() : "";
    boolean bare = side == null && type.isEmpty();
    if (bare && !protocol.isEmpty()) {
      return condition(protocol);
    }
    if (!bare) {
      last = new Qualifiers(protocol, side == null ? Side.EITHER : side, orHost(type));
    }
    return value();
  }

  private static String orHost(String type) {
    return type.isEmpty() ? "host" : type;
  }

  private static Condition condition(String protocol) {
    Condition found = PROTOCOLS.get(protocol);
    if (found == null) {
      throw new IllegalStateException(protocol + " is no protocol");
    }
    return found;
  }

  private @Nullable Side side() {
    boolean source = tokens.peek().equals("src");
    if (!source && !tokens.peek().equals("dst")) {
      return null;
    }
    tokens.take();
    String other = source ? "dst" : "src";
    if (tokens.peek(1).equals(other) && tokens.take("or")) {
      tokens.take();
      return Side.EITHER;
    }
    if (tokens.peek(1).equals(other) && tokens.take("and")) {
      tokens.take();
      return Side.BOTH;
    }
    return source ? Side.SOURCE : Side.DESTINATION;
  }

  private Condition value() {
    if (tokens.atEnd() || OPERATORS.contains(tokens.peek())) {
      throw tokens.wrong("a condition is missing; " + KNOWN + ",");
    }
    String text = tokens.take();
    Condition found =
        switch (last.type()) {
          case "host" -> host(text);
          case "net" -> net(text);
          case "port" -> ports(port(text), port(text));
          default -> portRange(text);
        };
    return last.protocol().isEmpty() ? found : both(condition(last.protocol()), found);
  }

  private static Condition both(Condition first, Condition second) {
    return headers -> first.matches(headers) && second.matches(headers);
  }

  private Condition host(String text) {
    requireProtocol(ADDRESS_PROTOCOLS);
    IpAddress address =
        IpAddress.tryParse(text)
            .orElseThrow(() ->
                tokens.wrongBefore(
                    "\"" + text + "\" is neither an IP address nor a keyword; " + KNOWN + ","));
    Side side = last.side();
    return headers ->
        headers.hasAddresses()
            && side.holds(
                headers.sourceHigh() == address.high() && headers.sourceLow() == address.low(),
                headers.destinationHigh() == address.high()
                    && headers.destinationLow() == address.low());
  }

  private Condition net(String text) {
    requireProtocol(ADDRESS_PROTOCOLS);
    Cidr cidr;
    try {
      cidr = text.indexOf('/') < 0 ? Cidr.host(IpAddress.parse(text)) : Cidr.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw tokens.wrongBefore(
          "\"" + text + "\" is no network such as 10.244.0.0/16 (" + wrong.getMessage() + ")");
    }
    Side side = last.side();
    return headers ->
        headers.hasAddresses()
            && side.holds(cidr.contains(headers.source()), cidr.contains(headers.destination()));
  }

  private int port(String text) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : MAX_PORT + 1;
    if (port > MAX_PORT) {
      throw tokens.wrongBefore("\"" + text + "\" is no port, 0-" + MAX_PORT + ",");
    }
    return port;
  }

  private Condition portRange(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      throw tokens.wrongBefore("\"" + text + "\" is no range of ports such as 8000-8080,");
    }
    int first = port(text.substring(0, dash));
    int end = port(text.substring(dash + 1));
    if (end < first) {
      throw tokens.wrongBefore("the range of ports " + text + " ends before it begins,");
    }
    return ports(first, end);
  }

  private Condition ports(int first, int end) {
    requireProtocol(PORT_PROTOCOLS);
    Side side = last.side();
    return headers ->
        side.holds(
            first <= headers.sourcePort() && headers.sourcePort() <= end,
            first <= headers.destinationPort() && headers.destinationPort() <= end);
  }

  private void requireProtocol(Set<String> allowed) {
    if (!last.protocol().isEmpty() && !allowed.contains(last.protocol())) {
      throw tokens.wrongBefore(
          last.protocol()
              + " has no "
              + last.type()
              + "; write \""
              + last.protocol()
              + " and "
              + last.type()
              + " …\",");
    }
  }
}
