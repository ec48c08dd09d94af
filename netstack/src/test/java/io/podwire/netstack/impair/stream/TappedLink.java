package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.PacketFilter;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A link whose Pod is a TCP client; what leaves at either end is seen with its checksums summed.
 */
final class TappedLink {
  static final String CLIENT = "10.244.1.2";
  static final String SERVER = "10.244.2.3";
  static final int CLIENT_PORT = 40_000;
  static final int SERVER_PORT = 80;
  static final int CLIENT_FIRST = 0xffff_ff00;
  static final int SERVER_FIRST = 5000;
  static final long MILLI = 1_000_000;

  final List<SeenPacket> toServer = new ArrayList<>();
  final List<SeenPacket> toClient = new ArrayList<>();
  final DropCounters drops = new DropCounters();
  final StreamFaults faults =
      new StreamFaults(
          7,
          frame -> toServer.add(SeenPacket.of(frame)),
          frame -> toClient.add(SeenPacket.of(frame)),
          drops);
  long now = Long.MIN_VALUE / 4;

  RunningStreamFault put(Toxic... toxics) {
    return faults.put(new StreamFault("f", PacketFilter.ALL, 42, List.of(toxics)), now);
  }

  static Toxic upstream(Toxic.Type type) {
    return new Toxic(type, Toxic.Side.UPSTREAM, 1);
  }

  static Toxic downstream(Toxic.Type type) {
    return new Toxic(type, Toxic.Side.DOWNSTREAM, 1);
  }

  /** Of the client; offset counts from its first octet of data. */
  PacketBuilder client(int offset, int flags) {
    return PacketBuilder.tcp(CLIENT, SERVER)
        .ports(CLIENT_PORT, SERVER_PORT)
        .sequence(CLIENT_FIRST + 1 + offset)
        .acknowledgment(SERVER_FIRST + 1)
        .flags(flags);
  }

  PacketBuilder server(int offset, int acknowledged, int flags) {
    return PacketBuilder.tcp(SERVER, CLIENT)
        .ports(SERVER_PORT, CLIENT_PORT)
        .sequence(SERVER_FIRST + 1 + offset)
        .acknowledgment(CLIENT_FIRST + 1 + acknowledged)
        .flags(flags);
  }

  void clientSends(PacketBuilder packet) {
    faults.transmit(Direction.EGRESS, packet.frame(), now);
  }

  void serverSends(PacketBuilder packet) {
    faults.transmit(Direction.INGRESS, packet.frame(), now);
  }

  void open() {
    clientSends(client(-1, TcpFlags.SYN).acknowledgment(0));
    serverSends(server(-1, 0, TcpFlags.SYN | TcpFlags.ACK));
    clientSends(client(0, TcpFlags.ACK));
    toServer.clear();
    toClient.clear();
  }

  void clientData(int offset, int length) {
    clientSends(client(offset, TcpFlags.ACK | TcpFlags.PSH).payload(stream(offset, length)));
  }

  /** What the stream has from an octet on. */
  static byte[] stream(int offset, int length) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) ((offset + i) * 31 + (offset + i >>> 8));
    }
    return data;
  }

  void pass(long nanos) {
    now += nanos;
    faults.advance(now);
  }

  /** The data that the server has, each octet in the place that its sequence number says. */
  byte[] atServer() {
    byte[] data = new byte[0];
    for (SeenPacket each : toServer) {
      int at = each.tcp().sequence() - CLIENT_FIRST - 1;
      byte[] part = each.payload();
      if (part.length > 0) {
        data = Arrays.copyOf(data, Math.max(data.length, at + part.length));
        System.arraycopy(part, 0, data, at, part.length);
      }
    }
    return data;
  }

  static String text(SeenPacket packet) {
    return TcpFlags.toString(packet.tcp().flags());
  }
}
