package io.podwire.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
class TapIT {

  private static final IpAddress POD = IpAddress.parse("10.244.1.2");
  private static final IpAddress PEER = IpAddress.parse("10.244.1.3");
  private static final MacAddress POD_MAC = MacAddress.of(POD);
  private static final MacAddress PEER_MAC = MacAddress.of(PEER);
  private static final int UDP_OFFSET = Tap.HEADER_LENGTH + 14 + 20;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(65536);
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
  private NetworkNamespace namespace;
  private Tap tap;
  private LoopDescriptor watched;

  @BeforeEach
  void open() {
    namespace = NetworkNamespace.create();
    tap =
        namespace.call(() -> {
          // Without IPv6 the kernel sends nothing on its own.
          Sysctl.writeIfPresent("net.ipv6.conf.default.disable_ipv6", "1");
          Tap opened = Tap.open("eth0");
          try (Netlink netlink = Netlink.open()) {
            netlink.links().setMac("eth0", POD_MAC);
            netlink.links().setMtu("eth0", 1450);
            netlink.addresses().add("eth0", POD, 24);
            netlink.links().setUp("eth0");
            netlink.neighbors().set("eth0", PEER, PEER_MAC);
          }
          return opened;
        });
    watched = LoopDescriptor.register(group.next(), tap.descriptor(), this::takeFrames);
  }

  private void takeFrames() {
    for (int length = tap.read(memory, 0, 65536); length > 0; length = tap.read(memory, 0, 65536)) {
      frames.add(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @AfterEach
  void close() {
    watched.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    tap.close();
    namespace.close();
    arena.close();
  }

  @Test
  void shouldHandOutWhatAProgramInTheNamespaceSends() throws InterruptedException {
    try (UdpSocket socket = namespace.call(() -> UdpSocket.bind(POD, 5000))) {
      MemorySegment text = arena.allocateFrom("ping");
      assertThat(socket.send(PEER, 6000, text.address(), 4)).isEqualTo(4);
    }
    byte[] frame = frames.poll(10, TimeUnit.SECONDS);

    assertThat(frame).isNotNull().hasSize(UDP_OFFSET + 8 + 4);
    ByteBuffer view = ByteBuffer.wrap(frame);
    assertThat(view.getLong(Tap.HEADER_LENGTH) >>> 16).isEqualTo(PEER_MAC.value());
    assertThat(view.getShort(UDP_OFFSET)).isEqualTo((short) 5000);
    assertThat(new String(frame, UDP_OFFSET + 8, 4, US_ASCII)).isEqualTo("ping");
  }

  @Test
  void shouldDeliverWhatIsWrittenToAProgramInTheNamespace() throws InterruptedException {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    try (UdpSocket socket = namespace.call(() -> UdpSocket.bind(POD, 5000))) {
      MemorySegment target = arena.allocate(100);
      LoopDescriptor reading =
          LoopDescriptor.register(
              group.next(),
              socket.descriptor(),
              () -> {
                int length = socket.receive(target.address(), 100);
                received.add(
                    new IpAddress(socket.sourceHigh(), socket.sourceLow())
                        + ":"
                        + socket.sourcePort()
                        + " "
                        + new String(
                            target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), US_ASCII));
              });
      MemorySegment frame = arena.allocate(100);
      byte[] octets = udpFrame("pong");
      MemorySegment.copy(octets, 0, frame, ValueLayout.JAVA_BYTE, 0, octets.length);
      // First in one piece, then with the virtio header apart.
      assertThat(tap.write(frame, 0, octets.length)).isEqualTo(octets.length);
      assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("10.244.1.3:6000 pong");
      MemorySegment header = arena.allocate(Tap.HEADER_LENGTH);
      assertThat(
              tap.write(
                  header.address(),
                  Tap.HEADER_LENGTH,
                  frame.address() + Tap.HEADER_LENGTH,
                  octets.length - Tap.HEADER_LENGTH))
          .isEqualTo(octets.length);
      assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("10.244.1.3:6000 pong");
      reading.close();
    }
  }

  private static byte[] udpFrame(String text) {
    byte[] payload = text.getBytes(US_ASCII);
    ByteBuffer frame = ByteBuffer.allocate(UDP_OFFSET + 8 + payload.length);
    frame.position(Tap.HEADER_LENGTH);
    frame.putShort((short) (POD_MAC.value() >>> 32)).putInt((int) POD_MAC.value());
    frame.putShort((short) (PEER_MAC.value() >>> 32)).putInt((int) PEER_MAC.value());
    frame.putShort((short) 0x0800);
    int ip = frame.position();
    frame.putShort((short) 0x4500).putShort((short) (28 + payload.length)).putInt(0x4000);
    frame.put((byte) 64).put((byte) 17).putShort((short) 0);
    frame.putInt(PEER.ipv4Bits()).putInt(POD.ipv4Bits());
    int sum = 0;
    for (int i = 0; i < 20; i += 2) {
      sum += frame.getShort(ip + i) & 0xffff;
    }
    frame.putShort(ip + 10, (short) ~((sum & 0xffff) + (sum >>> 16)));
    frame.putShort((short) 6000).putShort((short) 5000);
    frame.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
    return frame.array();
  }

  @Test
  void shouldSayWhenNoFrameWaitsAndWhenTheLinkIsDown() {
    assertThat(tap.read(memory, 0, 100)).isEqualTo(-Errno.EAGAIN);
    try (Netlink netlink = Netlink.open(namespace)) {
      netlink.links().setDown("eth0");
    }
    assertThat(tap.write(memory, 0, 100)).isEqualTo(-Errno.EIO);
  }

  @Test
  void shouldKeepAPersistentLinkWithItsAddressForTheNextHolder() {
    tap.setPersistent(true);
    assertThatThrownBy(() -> namespace.call(() -> Tap.open("eth0")))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("attach to TAP eth0: device or resource busy");
    watched.close();
    tap.close();

    try (Netlink netlink = Netlink.open(namespace)) {
      assertThat(netlink.links().get("eth0").running()).isFalse();
      tap = namespace.call(() -> Tap.open("eth0"));
      assertThat(netlink.links().get("eth0").running()).isTrue();
      assertThat(netlink.addresses().list("eth0")).singleElement().hasToString("10.244.1.2/24");
      tap.setPersistent(false);
      tap.close();
      assertThat(netlink.links().find("eth0")).isEmpty();
    }
  }
}
