package io.podwire.dns.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries whose source is a lie never make servers talk to each other; needs root and python3. */
class SpoofedSourcesTest {
  private static final DnsHandler ANSWERS =
      (query, rest) -> CompletableFuture.completedFuture(query.authoritativeReply(Rcode.NOERROR));

  /** Sends a UDP datagram from SOURCE PORT to HOST PORT with the octets in HEX. */
  private static final String SENDER =
      """
      import socket, struct, sys
      source, sport, host, port, data = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), bytes.fromhex(sys.argv[5])
      udp = struct.pack('!HHHH', sport, port, 8 + len(data), 0) + data
      ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0,
                       socket.inet_aton(source), socket.inet_aton(host))
      raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
      raw.sendto(ip + udp, (host, 0))
      """;

  static Stream<IoTransport> transports() {
    return Stream.of(IoTransport.best(), IoTransport.jdk());
  }

  private static DnsMessage query(int id) {
    return DnsMessage.query(id, Question.of(DnsName.parse("a.test"), RecordType.A));
  }

  private static void send(String source, int port, LoopbackServer to)
      throws IOException, InterruptedException {
    Process sender =
        new ProcessBuilder(
                "python3",
                "-c",
                SENDER,
                source,
                Integer.toString(port),
                "127.0.0.1",
                Integer.toString(to.address().getPort()),
                HexFormat.of().formatHex(LoopbackServer.octets(query(7))))
            .inheritIO()
            .start();
    assertThat(sender.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(sender.exitValue()).isZero();
  }

  private static void assumeRaw() {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may forge sources");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs python3");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void shouldNotAnswerItsOwnAnswer(IoTransport transport) throws Exception {
    assumeRaw();
    try (LoopbackServer server = new LoopbackServer(transport, ServerLimits.DEFAULT, ANSWERS)) {
      send("127.0.0.1", server.address().getPort(), server);

      // The one answer that it sent to itself, and no more.
      await().until(() -> server.counters.get("dropped.response") == 1);
      assertThat(server.udp(query(8)).rcode()).isEqualTo(Rcode.NOERROR);
      assertThat(server.counters.get("queries.udp")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void shouldNotBeTurnedUponAnotherServer(IoTransport transport) throws Exception {
    assumeRaw();
    try (LoopbackServer one = new LoopbackServer(transport, ServerLimits.DEFAULT, ANSWERS);
        LoopbackServer other = new LoopbackServer(transport, ServerLimits.DEFAULT, ANSWERS)) {
      send("127.0.0.1", other.address().getPort(), one);

      await().until(() -> other.counters.get("dropped.response") == 1);
      assertThat(one.udp(query(8)).rcode()).isEqualTo(Rcode.NOERROR);
      assertThat(one.counters.get("queries.udp")).isEqualTo(2);
      assertThat(other.counters.get("queries.udp")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void shouldDropWhatHasNoPortToAnswerTo(IoTransport transport) throws Exception {
    assumeRaw();
    try (LoopbackServer server = new LoopbackServer(transport, ServerLimits.DEFAULT, ANSWERS)) {
      send("127.0.0.1", 0, server);

      await().until(() -> server.counters.get("dropped.no_return_port") == 1);
      assertThat(server.udp(query(8)).rcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  /** A forged query gets one answer of no more than twelve times its octets, here one like it. */
  @Test
  void shouldAnswerAClientAtPort53LikeAnyOther() throws Exception {
    assumeRaw();
    try (DatagramSocket victim = new DatagramSocket(53, InetAddress.getByName("127.0.53.53"));
        LoopbackServer server =
            new LoopbackServer(IoTransport.best(), ServerLimits.DEFAULT, ANSWERS)) {
      victim.setSoTimeout(5000);
      send("127.0.53.53", 53, server);

      var answer = new java.net.DatagramPacket(new byte[512], 512);
      victim.receive(answer);
      assertThat(answer.getLength()).isEqualTo(LoopbackServer.octets(query(7)).length);
    }
  }
}
