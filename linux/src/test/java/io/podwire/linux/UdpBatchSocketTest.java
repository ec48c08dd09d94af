package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpBatchSocketTest {
  private static final int SIZE = 4;
  private static final int CAPACITY = 64;

  private static UdpBatchSocket bind(String address, int port) {
    return UdpBatchSocket.bindShared(IpAddress.parse(address), port, SIZE, CAPACITY);
  }

  private static DatagramSocket client(String address, int port) throws IOException {
    DatagramSocket client =
        new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0));
    client.connect(InetAddress.getByName(address), port);
    client.setSoTimeout(5000);
    return client;
  }

  private static void send(DatagramSocket client, byte[] content) throws IOException {
    client.send(new DatagramPacket(content, content.length));
  }

  private static byte[] receive(DatagramSocket client) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    client.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void shouldReplyToEachSenderFromOneBatch(String address) throws IOException {
    try (UdpBatchSocket socket = bind(address, 0);
        DatagramSocket first = client(address, socket.localPort());
        DatagramSocket second = client(address, socket.localPort())) {
      send(first, new byte[] {1, 2, 3});
      send(second, new byte[] {4});
      assertThat(socket.receive()).isEqualTo(2);

      for (int i = 0; i < 2; i++) {
        assertThat(socket.sourcePort(i)).isEqualTo(socket.source(i).getPort());
        assertThat(socket.source(i).getAddress()).isEqualTo(InetAddress.getByName(address));
        ByteBuffer octets = socket.octets();
        octets.put(socket.offset(i) + socket.length(i), (byte) 9);
        socket.reply(i, socket.length(i) + 1);
      }
      assertThat(socket.flush()).isZero();

      assertThat(receive(first)).containsExactly(1, 2, 3, 9);
      assertThat(receive(second)).containsExactly(4, 9);
      assertThat(socket.receive()).isEqualTo(-Errno.EAGAIN);
      assertThat(socket.flush()).isZero();
    }
  }

  @Test
  void shouldAnswerLaterWhoeverAsked() throws IOException {
    try (UdpBatchSocket socket = bind("127.0.0.1", 0);
        DatagramSocket client = client("127.0.0.1", socket.localPort())) {
      send(client, new byte[] {1});
      assertThat(socket.receive()).isEqualTo(1);
      byte[] sender = socket.sender(0);

      assertThat(socket.send(sender, ByteBuffer.wrap(new byte[] {5, 6}))).isEqualTo(2);
      assertThat(socket.send(sender, ByteBuffer.allocate(CAPACITY + 1))).isEqualTo(-Errno.EMSGSIZE);

      assertThat(receive(client)).containsExactly(5, 6);
    }
  }

  @Test
  void shouldTakeInNoMoreThanABatchAndCutWhatIsTooLarge() throws IOException {
    try (UdpBatchSocket socket = bind("127.0.0.1", 0);
        DatagramSocket client = client("127.0.0.1", socket.localPort())) {
      send(client, new byte[CAPACITY + 10]);
      for (int i = 0; i < SIZE; i++) {
        send(client, new byte[i + 1]);
      }
      assertThat(socket.receive()).isEqualTo(SIZE);
      assertThat(socket.length(0)).isEqualTo(CAPACITY);
      assertThat(socket.length(1)).isEqualTo(1);
      assertThat(socket.receive()).isEqualTo(1);
      assertThat(socket.length(0)).isEqualTo(SIZE);
    }
  }

  @Test
  void shouldShareAPortFlowByFlow() throws IOException {
    try (UdpBatchSocket one = bind("127.0.0.1", 0);
        UdpBatchSocket other = bind("127.0.0.1", one.localPort())) {
      int[] taken = new int[2];
      for (int i = 0; i < 64; i++) {
        try (DatagramSocket client = client("127.0.0.1", one.localPort())) {
          send(client, new byte[1]);
          await()
              .pollInterval(Duration.ofMillis(1))
              .until(() -> {
                int atOne = Math.max(0, one.receive());
                int atOther = Math.max(0, other.receive());
                taken[0] += atOne;
                taken[1] += atOther;
                return atOne + atOther == 1;
              });
        }
      }
      assertThat(taken[0] + taken[1]).isEqualTo(64);
      assertThat(taken).doesNotContain(0);
    }
  }

  @Test
  void shouldGoOnPastAReplyThatCannotBeSent() throws IOException {
    try (UdpBatchSocket socket = bind("127.0.0.1", 0);
        DatagramSocket client = client("127.0.0.1", socket.localPort())) {
      send(client, new byte[] {1});
      send(client, new byte[] {2});
      assertThat(socket.receive()).isEqualTo(2);
      // More than UDP can carry.
      socket.reply(0, 1 << 20);
      socket.reply(1, 1);

      assertThat(socket.flush()).isEqualTo(1);
      assertThat(receive(client)).containsExactly(2);
    }
  }

  @Test
  void shouldNameTheAddressThatCannotBeHad() {
    assertThatThrownBy(() -> bind("192.0.2.1", 5353).close())
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("bind udp 192.0.2.1:5353")
        .hasMessageContaining("address not available");
  }

  @Test
  void shouldKeepMoreWhileNobodyReads() throws IOException {
    int burst = 300;
    try (UdpBatchSocket socket = bind("127.0.0.1", 0)) {
      socket.setReceiveBuffer(2 << 20);
      socket.setSendBuffer(2 << 20);
      try (DatagramSocket client = client("127.0.0.1", socket.localPort())) {
        for (int i = 0; i < burst; i++) {
          send(client, new byte[50]);
        }
      }
      int taken = 0;
      for (int count = socket.receive(); count > 0; count = socket.receive()) {
        taken += count;
      }
      assertThat(taken).isEqualTo(burst);
    }
  }
}
