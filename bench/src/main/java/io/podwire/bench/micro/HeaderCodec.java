package io.podwire.bench.micro;

import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetHeader;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4Header;
import io.podwire.packet.UdpHeader;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reading and writing the headers of one packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderCodec {
  private static final int PAYLOAD = 1400;
  private static final int VNI = 7;

  private final Frame frame = Frame.allocate(PAYLOAD + 128);
  private final Packet packet = new Packet(frame);
  private final EthernetView ethernet = new EthernetView();
  private final VxlanView vxlan = new VxlanView();
  private int length;

  /** Writes a datagram. */
  @Setup
  public void write() {
    IpAddress from = IpAddress.parse("10.244.1.2");
    IpAddress to = IpAddress.parse("10.244.2.2");
    int at = Frame.HEADROOM;
    at +=
        new EthernetHeader(MacAddress.of(to), MacAddress.of(from), EtherType.IPV4)
            .emit(frame.buffer(), at);
    at += Ipv4Header.of(from, to, IpProtocol.UDP, PAYLOAD + 8).emit(frame.buffer(), at);
    at += new UdpHeader(4000, 80, PAYLOAD).emit(frame.buffer(), at);
    length = at + PAYLOAD - Frame.HEADROOM;
  }

  /** Ethernet, IPv4 and UDP headers into a packet with its key. */
  @Benchmark
  public @Nullable DropReason parse() {
    frame.reset(Frame.HEADROOM, length);
    ethernet.wrap(frame.buffer(), frame.start(), frame.length());
    return packet.parse(frame, ethernet.payloadOffset());
  }

  /** A VXLAN header before a frame, and what it says. */
  @Benchmark
  public int encapsulate() {
    frame.reset(Frame.HEADROOM, length);
    frame.prepend(VxlanView.HEADER_LENGTH);
    vxlan.wrap(frame.buffer(), frame.start(), frame.length()).set(VNI);
    return vxlan.vni();
  }
}
