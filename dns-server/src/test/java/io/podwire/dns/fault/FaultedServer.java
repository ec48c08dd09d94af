package io.podwire.dns.fault;

import io.netty.channel.IoEventLoopGroup;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.hosts.HostsFile;
import io.podwire.dns.hosts.HostsHandler;
import io.podwire.dns.server.DnsListener;
import io.podwire.dns.server.IoTransport;
import io.podwire.dns.server.Responder;
import io.podwire.dns.server.ServerLimits;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A server on loopback with a few names, its faults, and clocks that can be put forward. */
final class FaultedServer implements AutoCloseable {
  static final String WEB = "web.test.";
  static final String OTHER = "other.test.";

  /** So short that a test need not wait for a report. */
  private static final Duration REPORT_INTERVAL = Duration.ofMillis(20);

  private final IoTransport transport;
  private final IoEventLoopGroup group;
  private final DnsListener listener;
  private final AtomicLong skipped = new AtomicLong();
  final DnsCounters counters = new DnsCounters();
  final List<FaultReport> reports = new CopyOnWriteArrayList<>();
  volatile boolean controlPlaneGone;
  final DnsFaults faults;

  FaultedServer(IoTransport transport, int maxHeld) {
    this.transport = transport;
    group = transport.newGroup(2);
    faults =
        new DnsFaults(
            group,
            this::nanos,
            this::millis,
            "dns-server/test",
            this::take,
            maxHeld,
            REPORT_INTERVAL);
    HostsFile hosts =
        HostsFile.parse(
            List.of("192.0.2.1 web.test other.test", "2001:db8::1 web.test other.test"),
            new ArrayList<>());
    listener =
        DnsListener.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            group,
            transport,
            new Responder(
                new HandlerChain(List.of(new FaultHandler(faults), new HostsHandler(hosts))),
                faults,
                counters,
                ServerLimits.DEFAULT.udpPayload()),
            ServerLimits.DEFAULT,
            counters);
  }

  private CompletionStage<Void> take(FaultReport report) {
    if (controlPlaneGone) {
      return CompletableFuture.failedFuture(new IOException("nobody there"));
    }
    reports.add(report);
    return CompletableFuture.completedFuture(null);
  }

  private long nanos() {
    return System.nanoTime() + skipped.get();
  }

  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos());
  }

  void tell(NetworkFault... told) {
    faults.accept(TestFaults.told(told));
  }

  void skip(Duration time) {
    skipped.addAndGet(time.toNanos());
  }

  InetSocketAddress address() {
    return listener.address();
  }

  SimpleResolver resolver() {
    SimpleResolver resolver = new SimpleResolver(address());
    resolver.setTimeout(Duration.ofSeconds(5));
    resolver.setIgnoreTruncation(true);
    return resolver;
  }

  static Message query(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, 1));
  }

  Message ask(String name, int type) throws IOException {
    return resolver().send(query(name, type));
  }

  Message askOverTcp(String name, int type) throws IOException {
    SimpleResolver resolver = resolver();
    resolver.setTCP(true);
    return resolver.send(query(name, type));
  }

  /** The data of the answers of a type, by text. */
  static List<String> data(Message answer) {
    return answer.getSection(Section.ANSWER).stream()
        .map(each -> Type.string(each.getType()) + " " + each.rdataToString())
        .toList();
  }

  /** Whatever comes back first, with whatever id. */
  byte[] exchange(byte[] query) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(5000);
      socket.send(new DatagramPacket(query, query.length, address()));
      DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
      socket.receive(answer);
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }

  @Override
  public void close() {
    listener.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
