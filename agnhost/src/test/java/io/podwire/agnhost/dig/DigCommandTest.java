package io.podwire.agnhost.dig;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.agnhost.Agnhost;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigCommandTest {
  private static final DnsName WEB = DnsName.parse("web.demo.svc.cluster.local");

  @TempDir Path folder;

  private final List<DnsMessage> asked = new CopyOnWriteArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();
  private DatagramSocket udp;
  private int port;
  private ServerSocket tcp;

  @BeforeEach
  void start() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    udp = new DatagramSocket(0, loopback);
    Optional<ServerSocket> streams = listen(loopback, udp.getLocalPort());
    // A port that is free for one protocol may be somebody's for the other.
    while (streams.isEmpty()) {
      udp.close();
      udp = new DatagramSocket(0, loopback);
      streams = listen(loopback, udp.getLocalPort());
    }
    tcp = streams.get();
    port = udp.getLocalPort();
    Thread.ofVirtual().start(this::serveUdp);
    Thread.ofVirtual().start(this::serveTcp);
  }

  private static Optional<ServerSocket> listen(InetAddress address, int port) throws IOException {
    try {
      return Optional.of(new ServerSocket(port, 5, address));
    } catch (BindException taken) {
      return Optional.empty();
    }
  }

  @AfterEach
  void stop() throws IOException {
    udp.close();
    tcp.close();
  }

  private void serveUdp() {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        udp.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), 512);
        // A forged one first, which must not be taken.
        byte[] forged = answer.clone();
        forged[0] ^= 1;
        udp.send(new DatagramPacket(forged, forged.length, packet.getSocketAddress()));
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try (Socket socket = tcp.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] query = in.readNBytes(in.readUnsignedShort());
        byte[] answer = answer(ByteBuffer.wrap(query), DnsCodec.MAX_MESSAGE);
        ByteBuffer framed = ByteBuffer.allocate(2 + answer.length);
        socket.getOutputStream().write(framed.putShort((short) answer.length).put(answer).array());
      } catch (IOException closed) {
        // The test is over.
      }
    }
  }

  private byte[] answer(ByteBuffer octets, int maxSize) {
    DnsMessage query = ((Decoded.Valid) DnsCodec.decode(octets)).message();
    asked.add(query);
    DnsName name = query.questions().get(0).name();
    DnsMessage answer = query.reply(Rcode.NXDOMAIN);
    if (name.equals(WEB)) {
      answer = query.reply(0).withAnswers(List.of(address(name)));
    } else if (name.equals(DnsName.parse("many.test"))) {
      answer = query.reply(0).withAnswers(Collections.nCopies(100, address(name)));
    } else if (query.questions().get(0).type() == RecordType.PTR) {
      answer = query.reply(0).withAnswers(List.of(ResourceRecord.of(name, 5, new Rdata.Ptr(WEB))));
    }
    ByteBuffer wire = DnsCodec.encode(answer.withEdns(Edns.of(1232)), maxSize);
    byte[] copy = new byte[wire.remaining()];
    wire.get(copy);
    return copy;
  }

  private static ResourceRecord address(DnsName name) {
    return ResourceRecord.of(name, 5, new Rdata.A(IpAddress.parse("10.96.0.20")));
  }

  private int dig(String... words) {
    String[] args = new String[words.length + 3];
    args[0] = "dig";
    System.arraycopy(words, 0, args, 1, words.length);
    args[words.length + 1] = "-p";
    args[words.length + 2] = Integer.toString(port);
    return Agnhost.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(error))
        .execute(args);
  }

  @Test
  void shouldPrintLikeDig() {
    assertThat(dig("@127.0.0.1", "web.demo.svc.cluster.local")).isZero();

    assertThat(out.toString())
        .contains("; <<>> DiG (podwire) <<>> @127.0.0.1 web.demo.svc.cluster.local")
        .contains(";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: ")
        .contains(";; flags: qr rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1")
        .contains("; EDNS: version: 0, flags:; udp: 1232")
        .contains(";; QUESTION SECTION:\n;web.demo.svc.cluster.local.\t\tIN\tA\n")
        .contains(";; ANSWER SECTION:\nweb.demo.svc.cluster.local.\t5\tIN\tA\t10.96.0.20\n")
        .contains(";; SERVER: 127.0.0.1#" + port + "(127.0.0.1) (UDP)")
        .containsPattern(";; Query time: [0-9]+ msec")
        .containsPattern(";; MSG SIZE  rcvd: 71\n");
  }

  @Test
  void shouldPrintDataAlone() {
    assertThat(dig("+short", "@127.0.0.1", "web.demo.svc.cluster.local", "A")).isZero();
    assertThat(dig("@127.0.0.1", "-x", "10.96.0.20", "+short")).isZero();

    assertThat(out.toString().lines()).containsExactly("10.96.0.20", "web.demo.svc.cluster.local.");
    assertThat(asked.get(1).questions()).hasToString("[20.0.96.10.in-addr.arpa. IN PTR]");
  }

  @Test
  void shouldPrintTheAnswerSectionAlone() {
    dig("@127.0.0.1", "web.demo.svc.cluster.local", "+noall", "+answer");

    assertThat(out.toString().lines())
        .containsExactly("web.demo.svc.cluster.local.\t5\tIN\tA\t10.96.0.20");
  }

  @Test
  void shouldAskAgainOverTcpWhereTheAnswerIsCut() {
    dig("@127.0.0.1", "many.test");

    assertThat(out.toString())
        .contains(";; Truncated, retrying in TCP mode.")
        .contains("ANSWER: 100")
        .contains("(TCP)");
    assertThat(out.toString()).doesNotContain(" tc ");
  }

  @Test
  void shouldAskOverTcpAndWithoutEdnsWhereToldSo() {
    dig("@127.0.0.1", "web.demo.svc.cluster.local", "+tcp", "+noedns", "+norecurse");

    assertThat(out.toString()).contains("(TCP)");
    assertThat(asked.get(0).edns()).isEmpty();
    assertThat(asked.get(0).header().isRecursionDesired()).isFalse();
  }

  @Test
  void shouldFollowResolvConf() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("resolv.conf"),
            "nameserver 127.0.0.1\nsearch x.test svc.cluster.local\noptions ndots:5\n");

    dig("--resolv-conf=" + file, "web.demo", "+search", "+short");

    assertThat(out.toString()).isEqualToIgnoringNewLines("10.96.0.20");
    assertThat(asked)
        .extracting(each -> each.questions().get(0).name().toString())
        .containsExactly("web.demo.x.test.", "web.demo.svc.cluster.local.");
  }

  @Test
  void shouldPrintADenialAndSucceed() {
    assertThat(dig("@127.0.0.1", "none.test", "AAAA")).isZero();

    assertThat(out.toString()).contains("status: NXDOMAIN").contains(";none.test.\t\tIN\tAAAA");
  }

  @Test
  void shouldSayThatNoServerAnswers() throws IOException {
    udp.close();

    assertThat(dig("@127.0.0.1", "web.test", "+tries=2", "+time=1")).isEqualTo(9);

    assertThat(out.toString()).contains(";; no servers could be reached");
    assertThat(out.toString().lines().filter(line -> line.contains("communications error")))
        .hasSize(2);
  }

  @Test
  void shouldExplainWordsThatMakeNoSense() {
    assertThat(dig("@127.0.0.1", "a.test", "b.test")).isEqualTo(1);
    assertThat(dig("@127.0.0.1", "a.test", "+bogus")).isEqualTo(1);
    assertThat(dig("@127.0.0.1", "a.test", "-z")).isEqualTo(1);
    assertThat(dig("@127.0.0.1", "-x", "nowhere")).isEqualTo(1);
    assertThat(dig("@127.0.0.1", "a..b")).isEqualTo(1);

    assertThat(error.toString().lines()).hasSize(5).allMatch(line -> line.startsWith("dig: "));
  }
}
