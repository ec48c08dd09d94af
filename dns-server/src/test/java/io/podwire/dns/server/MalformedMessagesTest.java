package io.podwire.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no query, over real sockets; a valid query has its answer right after. */
class MalformedMessagesTest {
  private static final ServerLimits LIMITS =
      new ServerLimits(1232, 20, 10, Duration.ofMillis(500), 1 << 20);

  private static final DnsHandler ONE =
      (query, rest) ->
          CompletableFuture.completedFuture(
              query
                  .authoritativeReply(Rcode.NOERROR)
                  .withAnswers(
                      List.of(
                          ResourceRecord.of(
                              query.name(), 5, new Rdata.A(IpAddress.parse("192.0.2.1"))))));

  private static LoopbackServer server;

  @BeforeAll
  static void start() {
    server = new LoopbackServer(IoTransport.best(), LIMITS, ONE);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static DnsMessage valid(int id) {
    return DnsMessage.query(id, Question.of(DnsName.parse("a.test"), RecordType.A));
  }

  /**
   * Octets in hexadecimal digits: {@code @} is the id, {@code Q} the question for a.test A, {@code
   * R} a record, {@code O} an OPT record, {@code L} a long name. The outcome is an rcode or
   * silence.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no question                      | @ 0100 0000 0000 0000 0000                                        | FORMERR
          two questions                    | @ 0100 0002 0000 0000 0000 Q Q                                    | FORMERR
          a question that is not there     | @ 0100 0001 0000 0000 0000                                        | FORMERR
          half a question                  | @ 0100 0001 0000 0000 0000 01 61                                  | FORMERR
          a label beyond the end           | @ 0100 0001 0000 0000 0000 3f 61                                  | FORMERR
          octets behind the end            | @ 0100 0001 0000 0000 0000 Q 00                                   | FORMERR
          a name that points to itself     | @ 0100 0001 0000 0000 0000 c00c 0001 0001                         | FORMERR
          a name that points forwards      | @ 0100 0001 0000 0000 0000 c010 0001 0001 0000                    | FORMERR
          a name that points to the header | @ 0100 0001 0000 0000 0000 c000 0001 0001                         | FORMERR
          two names that point in a circle | @ 0100 0002 0000 0000 0000 c012 0001 0001 c00c 0001 0001          | FORMERR
          a label of a reserved kind       | @ 0100 0001 0000 0000 0000 4161 00 0001 0001                      | FORMERR
          a name of 256 octets             | @ 0100 0001 0000 0000 0000 L256 0001 0001                         | FORMERR
          a thousand labels                | @ 0100 0001 0000 0000 0000 L2000 0001 0001                        | FORMERR
          65535 answers                    | @ 0100 0001 ffff 0000 0000 Q                                      | FORMERR
          two answers                      | @ 0100 0001 0002 0000 0000 Q R R                                  | FORMERR
          two authorities                  | @ 0100 0001 0000 0002 0000 Q R R                                  | FORMERR
          three additional records         | @ 0100 0001 0000 0000 0003 Q R R R                                | FORMERR
          a record cut short               | @ 0100 0001 0000 0000 0001 Q 00 0029 04d0 0000                    | FORMERR
          data beyond the end              | @ 0100 0001 0000 0000 0001 Q 00 0001 0001 00000000 00ff 01        | FORMERR
          an address of 3 octets           | @ 0100 0001 0000 0000 0001 Q 00 0001 0001 00000000 0003 010203    | FORMERR
          two OPT records                  | @ 0100 0001 0000 0000 0002 Q O O                                  | FORMERR
          an OPT record with an owner      | @ 0100 0001 0000 0000 0001 Q 016100 0029 04d0 00000000 0000       | FORMERR
          an OPT record as an answer       | @ 0100 0001 0001 0000 0000 Q O                                    | FORMERR
          half an EDNS option              | @ 0100 0001 0000 0000 0001 Q 00 0029 04d0 00000000 0003 000a00    | FORMERR
          a cookie of 7 octets             | @ 0100 0001 0000 0000 0001 Q 00 0029 04d0 00000000 000b 000a0007 01020304050607 | FORMERR
          a cookie of 12 octets            | @ 0100 0001 0000 0000 0001 Q 00 0029 04d0 00000000 0010 000a000c 0102030405060708090a0b0c | FORMERR
          EDNS version 1                   | @ 0100 0001 0000 0000 0001 Q 00 0029 04d0 00010000 0000           | BADVERS
          EDNS version 255                 | @ 0100 0001 0000 0000 0001 Q 00 0029 04d0 00ff0000 0000           | BADVERS
          a UDP size of 0                  | @ 0100 0001 0000 0000 0001 Q 00 0029 0000 00000000 0000           | NOERROR
          an unknown EDNS option           | @ 0100 0001 0000 0000 0001 Q 00 0029 04d0 00000000 0006 fde9 0002 aabb | NOERROR
          all flags of EDNS                | @ 0100 0001 0000 0000 0001 Q 00 0029 04d0 0000ffff 0000           | NOERROR
          a response                       | @ 8180 0001 0000 0000 0000 Q                                      | silence
          a response that is malformed     | @ 8180 0001 0000 0000 0000                                        | silence
          an inverse query                 | @ 0900 0001 0000 0000 0000 Q                                      | NOTIMP
          a status query                   | @ 1100 0000 0000 0000 0000                                        | NOTIMP
          a NOTIFY                         | @ 2100 0001 0000 0000 0000 Q                                      | NOTIMP
          an UPDATE                        | @ 2900 0001 0000 0000 0000 Q                                      | NOTIMP
          opcode 15                        | @ 7900 0001 0000 0000 0000 Q                                      | NOTIMP
          version.bind in class CH         | @ 0100 0001 0000 0000 0000 0776657273696f6e 0462696e64 00 0010 0003 | REFUSED
          class HS                         | @ 0100 0001 0000 0000 0000 0161 00 0001 0004                      | REFUSED
          class ANY                        | @ 0100 0001 0000 0000 0000 0161 00 0001 00ff                      | REFUSED
          class 0                          | @ 0100 0001 0000 0000 0000 0161 00 0001 0000                      | REFUSED
          a zone transfer                  | @ 0100 0001 0000 0000 0000 0161 00 00fc 0001                      | REFUSED
          every unused flag                | @ 0470 0001 0000 0000 0000 Q                                      | NOERROR
          type 0                           | @ 0100 0001 0000 0000 0000 0161 00 0000 0001                      | NOERROR
          the root                         | @ 0100 0001 0000 0000 0000 00 0001 0001                           | NOERROR
          """)
  void shouldBeAnsweredRightlyAndDoNoHarm(String what, String octets, String outcome)
      throws IOException {
    byte[] message = octets(octets);

    assertThat(overUdp(message)).as("%s over UDP", what).isEqualTo(outcome);
    assertThat(overTcp(message)).as("%s over TCP", what).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"''", "42", "4242", "4242 0100 0001 0000 0000 00"})
  void shouldNotAnswerLessThanAHeader(String octets) throws IOException {
    byte[] message = HexFormat.of().parseHex(octets.replace(" ", ""));

    assertThat(overUdp(message)).isEqualTo("silence");
    try (Socket socket = server.connect()) {
      LoopbackServer.send(socket, message);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(server.udp(valid(1)).answers()).hasSize(1);
  }

  private static byte[] octets(String text) {
    StringBuilder hex = new StringBuilder();
    for (String word : text.split(" ")) {
      hex.append(
          switch (word) {
            case "@" -> "4242";
            case "Q" -> "0161047465737400" + "00010001";
            case "R" -> "0161047465737400" + "0001000100000005" + "0004c0000201";
            case "O" -> "00002904d0000000000000";
            case "L256" -> "3f" + "61".repeat(63) + ("3f" + "61".repeat(63)).repeat(3) + "00";
            case "L2000" -> "0161".repeat(1000) + "00";
            default -> word;
          });
    }
    return HexFormat.of().parseHex(hex);
  }

  /** Whatever comes before the answer to a valid query that is sent behind. */
  private static String overUdp(byte[] message) throws IOException {
    byte[] probe = LoopbackServer.octets(valid(0x7777));
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(5000);
      List<DnsMessage> seen = new ArrayList<>();
      socket.send(new DatagramPacket(message, message.length, server.address()));
      socket.send(new DatagramPacket(probe, probe.length, server.address()));
      while (seen.isEmpty() || seen.get(seen.size() - 1).header().id() != 0x7777) {
        DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
        socket.receive(answer);
        seen.add(LoopbackServer.message(Arrays.copyOf(answer.getData(), answer.getLength())));
      }
      return outcome(seen);
    }
  }

  private static String overTcp(byte[] message) throws IOException {
    try (Socket socket = server.connect()) {
      LoopbackServer.send(socket, message);
      LoopbackServer.send(socket, LoopbackServer.octets(valid(0x7777)));
      List<DnsMessage> seen = new ArrayList<>();
      while (seen.isEmpty() || seen.get(seen.size() - 1).header().id() != 0x7777) {
        seen.add(LoopbackServer.receive(socket));
      }
      return outcome(seen);
    }
  }

  private static String outcome(List<DnsMessage> seen) {
    assertThat(seen.get(seen.size() - 1).answers()).hasSize(1);
    if (seen.size() == 1) {
      return "silence";
    }
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0).header().id()).isEqualTo(0x4242);
    assertThat(seen.get(0).header().isResponse()).isTrue();
    return Rcode.text(seen.get(0).rcode());
  }

  @Test
  void shouldEndAConnectionThatNeverFinishesAMessage() throws IOException {
    try (Socket half = server.connect();
        Socket drip = server.connect()) {
      // Half a length, and an octet of a long message now and then.
      half.getOutputStream().write(0);
      drip.getOutputStream().write(new byte[] {0, (byte) 200});
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                drip.getOutputStream().write(1);
                drip.getOutputStream().flush();
                Thread.sleep(50);
              }
            } catch (IOException | InterruptedException closed) {
              // As it should be.
            }
          });

      assertThat(half.getInputStream().read()).isEqualTo(-1);
      assertThat(ended(drip)).isTrue();
    }
    assertThat(server.udp(valid(2)).answers()).hasSize(1);
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() == -1;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void shouldAnswerWithoutTheOrderOfTheQuestions() throws IOException {
    CompletableFuture<DnsMessage> late = new CompletableFuture<>();
    DnsHandler handler =
        (query, rest) ->
            query.name().label(0).equals("late")
                ? late
                : CompletableFuture.completedFuture(query.reply(Rcode.NOERROR));
    try (LoopbackServer own = new LoopbackServer(IoTransport.best(), LIMITS, handler);
        Socket socket = own.connect()) {
      DnsMessage first = DnsMessage.query(1, Question.of(DnsName.parse("late.test"), RecordType.A));
      LoopbackServer.send(socket, LoopbackServer.octets(first));
      LoopbackServer.send(socket, LoopbackServer.octets(valid(2)));

      assertThat(LoopbackServer.receive(socket).header().id()).isEqualTo(2);
      late.complete(first.reply(Rcode.NXDOMAIN));
      assertThat(LoopbackServer.receive(socket).header().id()).isEqualTo(1);
    }
  }

  @Test
  void shouldCloseWhatIsBeyondTheCapAndServeTheOthers() throws IOException {
    try (LoopbackServer own =
        new LoopbackServer(
            IoTransport.best(), new ServerLimits(1232, 2, 10, Duration.ofSeconds(5), 1), ONE)) {
      try (Socket first = own.connect();
          Socket second = own.connect()) {
        LoopbackServer.send(first, LoopbackServer.octets(valid(1)));
        LoopbackServer.send(second, LoopbackServer.octets(valid(2)));
        assertThat(LoopbackServer.receive(first).answers()).hasSize(1);
        assertThat(LoopbackServer.receive(second).answers()).hasSize(1);
        try (Socket third = own.connect()) {
          assertThat(ended(third)).isTrue();
        }
      }
    }
  }
}
