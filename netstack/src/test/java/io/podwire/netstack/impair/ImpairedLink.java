package io.podwire.netstack.impair;

import static io.podwire.netstack.wire.PacketBuilder.udp;

import io.podwire.netstack.impair.model.Impairment;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A link with faults, a sender that numbers its packets, and time by hand. */
final class ImpairedLink {

  static final String LOCAL = "10.244.1.2";
  static final String PEER = "10.244.2.2";
  static final long SEED = 20_26;
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000_000_000;

  /** Ethernet, IPv4 and UDP header. */
  static final int HEADERS = 42;

  final DropCounters drops = new DropCounters();
  final List<Arrival> arrivals = new ArrayList<>();
  final LinkImpairments impairments = new LinkImpairments(this::arrive, drops);
  Consumer<Frame> seen = frame -> {};
  long now;
  private long sent;

  record Arrival(long number, long atNanos) {}

  /** A link with one fault of these impairments, for all packets. */
  static ImpairedLink with(Impairment... impairments) {
    return withSeed(SEED, impairments);
  }

  static ImpairedLink withSeed(long seed, Impairment... impairments) {
    ImpairedLink link = new ImpairedLink();
    link.impairments.put(fault("default/test", seed, impairments), 0);
    return link;
  }

  static LinkFault fault(String id, long seed, Impairment... impairments) {
    return new LinkFault(
        id, PacketFilter.ALL, Direction.EGRESS, "default/pod", seed, 0, Pipeline.of(impairments));
  }

  private boolean arrive(Frame frame) {
    boolean numbered = frame.length() >= HEADERS + Long.BYTES;
    long number = numbered ? frame.buffer().getLong(frame.start() + HEADERS) : -1;
    arrivals.add(new Arrival(number, now));
    seen.accept(frame);
    return true;
  }

  /** A UDP packet of so many octets with Ethernet header, numbered. */
  static Frame packet(long number, int length) {
    Frame frame =
        udp(LOCAL, PEER).ports(4000, 53).payload(length - HEADERS).checksumPending().frame();
    frame.buffer().putLong(frame.start() + HEADERS, number);
    return frame;
  }

  RunningFault fault() {
    return impairments.faults().getFirst();
  }

  FaultSnapshot counts() {
    return fault().snapshot();
  }

  /** Sends the next numbered packet at this time, after all that was due before. */
  void sendAt(long nanos, int length) {
    runUntil(nanos);
    impairments.transmit(packet(sent++, length), nanos);
  }

  void sendAt(long nanos) {
    sendAt(nanos, 100);
  }

  /** Sends so many packets, one each interval, the first one now. */
  ImpairedLink send(int packets, long intervalNanos, int length) {
    Frame frame = packet(0, length);
    long start = now;
    for (int i = 0; i < packets; i++) {
      runUntil(start + i * intervalNanos);
      frame.buffer().putLong(frame.start() + HEADERS, sent++);
      impairments.transmit(frame, now);
    }
    now += intervalNanos;
    return this;
  }

  ImpairedLink send(int packets) {
    return send(packets, MILLI, 100);
  }

  /** Lets time pass, stopping wherever something is due. */
  void runUntil(long nanos) {
    while (impairments.nextRelease() <= nanos) {
      now = Math.max(now, impairments.nextRelease());
      impairments.advance(now);
    }
    now = nanos;
  }

  /** Lets time pass until nothing is due. */
  ImpairedLink drain() {
    while (impairments.nextRelease() != Long.MAX_VALUE) {
      runUntil(impairments.nextRelease());
    }
    return this;
  }

  List<Long> numbers() {
    return arrivals.stream().map(Arrival::number).toList();
  }

  List<Long> times() {
    return arrivals.stream().map(Arrival::atNanos).toList();
  }

  /** Which of the first packets arrived at least once. */
  boolean[] arrived(int packets) {
    boolean[] arrived = new boolean[packets];
    arrivals.forEach(arrival -> arrived[(int) arrival.number()] = true);
    return arrived;
  }
}
