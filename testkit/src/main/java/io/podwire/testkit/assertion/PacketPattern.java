package io.podwire.testkit.assertion;

import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.pcap.PcapngWriter.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a packet has to be: {@code tcp().from(client).to(service).flags(RST)}.
 *
 * <p>Immutable; every call makes a narrower pattern. Addresses are those of the moment of the call.
 */
public final class PacketPattern implements Predicate<CapturedPacket> {

  private record Condition(String text, Predicate<CapturedPacket> holds) {}

  private final List<Condition> conditions;

  private PacketPattern(List<Condition> conditions) {
    this.conditions = conditions;
  }

  /** Any packet. */
  public static PacketPattern packet() {
    return new PacketPattern(List.of());
  }

  /** TCP segments. */
  public static PacketPattern tcp() {
    return protocol("TCP", IpProtocol.TCP);
  }

  /** UDP datagrams. */
  public static PacketPattern udp() {
    return protocol("UDP", IpProtocol.UDP);
  }

  /** ICMP messages of IPv4. */
  public static PacketPattern icmp() {
    return protocol("ICMP", IpProtocol.ICMP);
  }

  private static PacketPattern protocol(String name, int number) {
    return packet().matching(name, each -> each.protocol() == number);
  }

  /** Sent by one of its addresses. */
  public PacketPattern from(Addressed source) {
    Set<IpAddress> addresses = source.addresses();
    return matching("from " + text(source, addresses), each -> has(addresses, each.source()));
  }

  /** Sent by this address. */
  public PacketPattern from(String address) {
    IpAddress source = IpAddress.parse(address);
    return matching("from " + address, each -> source.equals(each.source()));
  }

  /** Sent to one of its addresses. */
  public PacketPattern to(Addressed destination) {
    Set<IpAddress> addresses = destination.addresses();
    return matching(
        "to " + text(destination, addresses), each -> has(addresses, each.destination()));
  }

  /** Sent to this address. */
  public PacketPattern to(String address) {
    IpAddress destination = IpAddress.parse(address);
    return matching("to " + address, each -> destination.equals(each.destination()));
  }

  /** Sent from this port. */
  public PacketPattern fromPort(int port) {
    return matching("from port " + port, each -> each.sourcePort() == port);
  }

  /** Sent to this port. */
  public PacketPattern toPort(int port) {
    return matching("to port " + port, each -> each.destinationPort() == port);
  }

  /** With at least these flags of {@link TcpFlags}, such as {@code SYN | ACK}. */
  public PacketPattern flags(int flags) {
    return matching(
        "flags " + TcpFlags.toString(flags),
        each -> each.tcpFlags() > 0 && (each.tcpFlags() & flags) == flags);
  }

  /** With these flags of {@link TcpFlags} and no other. */
  public PacketPattern onlyFlags(int flags) {
    return matching("only flags " + TcpFlags.toString(flags), each -> each.tcpFlags() == flags);
  }

  /** What the Pod sent. */
  public PacketPattern sent() {
    return matching("outbound", each -> each.way() == Way.OUTBOUND);
  }

  /** What was on its way to the Pod. */
  public PacketPattern received() {
    return matching("inbound", each -> each.way() == Way.INBOUND);
  }

  /** Whose payload has this text in it. */
  public PacketPattern containing(String text) {
    return matching("containing \"" + text + "\"", each -> each.text().contains(text));
  }

  /** Which went no further. */
  public PacketPattern dropped() {
    return matching("dropped", CapturedPacket::dropped);
  }

  /** Which went on. */
  public PacketPattern passed() {
    return matching("not dropped", each -> !each.dropped());
  }

  /** With a condition of one's own, which the text tells in failures. */
  public PacketPattern matching(String text, Predicate<CapturedPacket> condition) {
    List<Condition> more = new ArrayList<>(conditions);
    more.add(new Condition(text, condition));
    return new PacketPattern(List.copyOf(more));
  }

  @Override
  public boolean test(CapturedPacket packet) {
    return conditions.stream().allMatch(each -> each.holds().test(packet));
  }

  /** How many of the conditions hold. */
  int score(CapturedPacket packet) {
    return (int) conditions.stream().filter(each -> each.holds().test(packet)).count();
  }

  /** The conditions that do not hold, for people. */
  String unmet(CapturedPacket packet) {
    return conditions.stream()
        .filter(each -> !each.holds().test(packet))
        .map(Condition::text)
        .collect(Collectors.joining(", "));
  }

  private static boolean has(Set<IpAddress> addresses, @Nullable IpAddress address) {
    return address != null && addresses.contains(address);
  }

  private static String text(Addressed end, Set<IpAddress> addresses) {
    String list = addresses.stream().map(IpAddress::toString).collect(Collectors.joining(", "));
    return end.name() + " (" + (list.isEmpty() ? "no address" : list) + ")";
  }

  @Override
  public String toString() {
    return conditions.isEmpty()
        ? "any packet"
        : conditions.stream().map(Condition::text).collect(Collectors.joining(" "));
  }
}
