package io.podwire.agnhost.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.packet.Octets;
import io.podwire.packet.carry.CarriedDatagram;
import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets on loopback, used through frames alone. */
@Timeout(20)
class CarrierTest {
  private final InetAddress loopback = InetAddress.getLoopbackAddress();
  private OutputStream toPod = OutputStream.nullOutputStream();
  private DataInputStream fromPod = new DataInputStream(InputStream.nullInputStream());
  private Thread carrier = new Thread();

  @BeforeEach
  void start() throws IOException {
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    toPod = Channels.newOutputStream(there.sink());
    fromPod = new DataInputStream(Channels.newInputStream(back.source()));
    Carrier served =
        new Carrier(Channels.newInputStream(there.source()), Channels.newOutputStream(back.sink()));
    carrier =
        Thread.ofPlatform()
            .start(() -> {
              try {
                served.run();
              } catch (IOException broken) {
                throw new IllegalStateException(broken);
              }
            });
  }

  @AfterEach
  void stop() throws Exception {
    toPod.close();
    carrier.join();
  }

  private void send(CarryFrame frame) throws IOException {
    toPod.write(frame.encode());
  }

  private CarryFrame next() throws IOException {
    byte[] message = new byte[CarryFrame.checkedLength(fromPod.readInt())];
    fromPod.readFully(message);
    return CarryFrame.decode(message);
  }

  private CarryFrame next(CarryKind kind) throws IOException {
    CarryFrame frame = next();
    assertThat(frame.kind()).as(frame.text()).isEqualTo(kind);
    return frame;
  }

  private Socket connectThrough(ServerSocket server, int stream) throws IOException {
    send(
        CarryFrame.of(
            stream,
            CarryKind.CONNECT,
            loopback.getHostAddress() + " " + server.getLocalPort() + " 5000"));
    Socket accepted = server.accept();
    assertThat(next(CarryKind.OPENED).text()).endsWith(":" + server.getLocalPort());
    return accepted;
  }

  @Test
  void shouldCarryBothDirectionsAndBothEnds() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, loopback);
        Socket peer = connectThrough(server, 1)) {
      byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
      send(CarryFrame.data(1, hello, hello.length));
      assertThat(peer.getInputStream().readNBytes(5)).isEqualTo(hello);
      assertThat(next(CarryKind.CREDIT).text()).isEqualTo("5");

      send(CarryFrame.of(1, CarryKind.END));
      assertThat(peer.getInputStream().read()).isEqualTo(-1);

      peer.getOutputStream().write(hello);
      assertThat(next(CarryKind.DATA).text()).isEqualTo("hello");
      peer.shutdownOutput();
      next(CarryKind.END);
    }
  }

  @Test
  void shouldSendNoMoreThanItHasCreditFor() throws IOException {
    byte[] much = new byte[CarryFrame.WINDOW + 100_000];
    new Random(1).nextBytes(much);
    try (ServerSocket server = new ServerSocket(0, 5, loopback);
        Socket peer = connectThrough(server, 1)) {
      Thread writer =
          Thread.startVirtualThread(() -> {
            try {
              peer.getOutputStream().write(much);
              peer.shutdownOutput();
            } catch (IOException broken) {
              throw new IllegalStateException(broken);
            }
          });
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      boolean credited = false;
      for (CarryFrame frame = next(); frame.kind() == CarryKind.DATA; frame = next()) {
        got.write(frame.payload().toBytes());
        assertThat(credited || got.size() <= CarryFrame.WINDOW).isTrue();
        if (!credited && got.size() > CarryFrame.WINDOW - 40_000) {
          credited = true;
          send(CarryFrame.of(1, CarryKind.CREDIT, Integer.toString(much.length)));
        }
      }
      assertThat(got.toByteArray()).isEqualTo(much);
      assertThat(writer.isInterrupted()).isFalse();
    }
  }

  @Test
  void shouldTellOfARefusal() throws IOException {
    int free;
    try (ServerSocket server = new ServerSocket(0, 5, loopback)) {
      free = server.getLocalPort();
    }
    send(CarryFrame.of(4, CarryKind.CONNECT, loopback.getHostAddress() + " " + free + " 5000"));

    assertThat(next(CarryKind.FAILED).text()).startsWith("REFUSED ");
  }

  @Test
  void shouldPassResetsOnBothWays() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, loopback)) {
      try (Socket peer = connectThrough(server, 1)) {
        peer.setSoLinger(true, 0);
      }
      assertThat(next(CarryKind.RESET).stream()).isEqualTo(1);

      try (Socket peer = connectThrough(server, 2)) {
        send(CarryFrame.of(2, CarryKind.RESET));
        assertThatThrownBy(() -> peer.getInputStream().read())
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
    }
  }

  @Test
  void shouldListen() throws IOException {
    send(CarryFrame.of(1, CarryKind.LISTEN, "0"));
    String local = next(CarryKind.OPENED).text();
    int port = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1));

    try (Socket client = new Socket(loopback, port)) {
      String[] accepted = next(CarryKind.ACCEPTED).text().split(" ");
      assertThat(accepted[2]).endsWith(":" + client.getLocalPort());
      client.getOutputStream().write('x');

      CarryFrame data = next(CarryKind.DATA);
      assertThat(data.stream()).isEqualTo(Integer.parseUnsignedInt(accepted[0])).isNegative();
      assertThat(data.text()).isEqualTo("x");
    }
  }

  @Test
  void shouldTellThatAPortIsTaken() throws IOException {
    try (ServerSocket server = new ServerSocket(0)) {
      send(CarryFrame.of(1, CarryKind.LISTEN, Integer.toString(server.getLocalPort())));

      assertThat(next(CarryKind.FAILED).text()).startsWith("IN_USE ");
    }
  }

  @Test
  void shouldCarryDatagrams() throws IOException {
    try (DatagramSocket peer = new DatagramSocket(0, loopback)) {
      send(CarryFrame.of(1, CarryKind.BIND, "0"));
      next(CarryKind.OPENED);
      Octets ping = Octets.of("ping".getBytes(StandardCharsets.UTF_8));
      send(new CarriedDatagram(loopback.getHostAddress(), peer.getLocalPort(), ping).frame(1));

      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      peer.receive(packet);
      peer.send(
          new DatagramPacket(
              packet.getData(),
              packet.getLength(),
              new InetSocketAddress(loopback, packet.getPort())));

      CarriedDatagram answer = CarriedDatagram.of(next(CarryKind.DATAGRAM));
      assertThat(answer.payload()).isEqualTo(ping);
      assertThat(answer.port()).isEqualTo(peer.getLocalPort());
      send(CarryFrame.of(1, CarryKind.CLOSE));
    }
  }

  @Test
  void shouldResolve() throws IOException {
    send(CarryFrame.of(1, CarryKind.RESOLVE, "127.0.0.9"));
    assertThat(next(CarryKind.RESOLVED).text()).isEqualTo("127.0.0.9");
    send(CarryFrame.of(2, CarryKind.RESOLVE, "no such name"));
    assertThat(next(CarryKind.FAILED).text()).startsWith("NAME ");
  }
}
