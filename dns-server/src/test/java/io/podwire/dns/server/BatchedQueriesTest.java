package io.podwire.dns.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BatchedQueriesTest {
  private static final byte[] QUERY = query(1, "web.demo.svc.cluster.local");

  private static byte[] query(int id, String name) {
    return LoopbackServer.octets(
        DnsMessage.query(id, Question.of(DnsName.parse(name), RecordType.A)));
  }

  private static DatagramSocket client(LoopbackServer server) throws IOException {
    DatagramSocket client = new DatagramSocket();
    client.connect(server.address());
    client.setSoTimeout(5000);
    return client;
  }

  private static void send(DatagramSocket client, byte[] octets) throws IOException {
    client.send(new DatagramPacket(octets, octets.length));
  }

  private static DnsMessage receive(DatagramSocket client) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    client.receive(packet);
    return LoopbackServer.message(Arrays.copyOf(packet.getData(), packet.getLength()));
  }

  @Test
  void shouldLoseNothingOfABurstWhileTheLoopIsBusy() throws Exception {
    ServedCluster cluster = new ServedCluster();
    Random random = new Random(300);
    try (LoopbackServer server =
            new LoopbackServer(
                IoTransport.best(), ServerLimits.DEFAULT, cluster.handlers(new DnsCounters()));
        DatagramSocket client = client(server);
        DatagramSocket noise = client(server)) {
      for (int round = 1; round <= 3; round++) {
        CountDownLatch sent = new CountDownLatch(1);
        server.loop().execute(() -> awaitQuietly(sent));
        for (int i = 0; i < 320; i++) {
          byte[] garbage = new byte[1 + random.nextInt(120)];
          random.nextBytes(garbage);
          send(noise, garbage);
        }
        send(client, QUERY);
        sent.countDown();

        assertThat(receive(client).rcode()).isEqualTo(Rcode.NOERROR);
        assertThat(server.counters.get("queries.udp")).isEqualTo(321L * round);
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldMakeNoObjectsForAReadyAnswer() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ServedCluster cluster = new ServedCluster();
    try (LoopbackServer server =
            new LoopbackServer(
                IoTransport.best(), ServerLimits.DEFAULT, cluster.handlers(new DnsCounters()));
        DatagramSocket client = client(server)) {
      byte[] shuffled = query(2, "db.demo.svc.cluster.local");
      long loop = server.loop().submit(() -> Thread.currentThread().threadId()).get();
      exchange(client, shuffled, 20_000);
      long before = threads.getThreadAllocatedBytes(loop);
      int queries = exchange(client, shuffled, 20_000);
      long allocated = threads.getThreadAllocatedBytes(loop) - before;

      assertThat(server.counters.get("answers.ready")).isGreaterThanOrEqualTo(2L * queries - 2);
      // The event loop makes a small one now and then when it wakes.
      assertThat(allocated / (double) queries).as("octets for a query").isLessThan(16);
    }
  }

  /** Asks two questions by turns, a few at a time. */
  private static int exchange(DatagramSocket client, byte[] other, int count) throws IOException {
    DatagramPacket answer = new DatagramPacket(new byte[512], 512);
    for (int i = 0; i < count; i += 16) {
      for (int j = 0; j < 16; j++) {
        send(client, j % 2 == 0 ? QUERY : other);
      }
      for (int j = 0; j < 16; j++) {
        client.receive(answer);
      }
    }
    return count;
  }

  @Test
  void shouldAnswerEveryFlowOnTwoLoops() throws IOException {
    Set<String> loops = ConcurrentHashMap.newKeySet();
    DnsHandler observed =
        (query, rest) -> {
          loops.add(Thread.currentThread().getName());
          return CompletableFuture.completedFuture(query.reply(Rcode.NOERROR));
        };
    try (LoopbackServer server =
        new LoopbackServer(IoTransport.best(), 2, ServerLimits.DEFAULT, observed)) {
      for (int flow = 0; flow < 64; flow++) {
        try (DatagramSocket client = client(server)) {
          Set<Integer> answered = new HashSet<>();
          for (int id = 0; id < 20; id++) {
            send(client, query(id, "a.test"));
          }
          for (int i = 0; i < 20; i++) {
            answered.add(receive(client).header().id());
          }
          assertThat(answered).hasSize(20);
        }
      }
      assertThat(server.counters.get("queries.udp")).isEqualTo(64 * 20);
      assertThat(loops).hasSize(2);
    }
  }

  @Test
  void shouldSendWhatIsReadyLaterToWhoeverAsked() throws IOException {
    CompletableFuture<DnsMessage> later = new CompletableFuture<>();
    DnsHandler slow =
        (query, rest) ->
            query.name().label(0).equals("later")
                ? later.thenApply(nothing -> query.reply(Rcode.NXDOMAIN))
                : CompletableFuture.completedFuture(query.reply(Rcode.NOERROR));
    try (LoopbackServer server =
            new LoopbackServer(IoTransport.best(), ServerLimits.DEFAULT, slow);
        DatagramSocket waiting = client(server);
        DatagramSocket other = client(server)) {
      send(waiting, query(7, "later.test"));
      send(other, query(8, "now.test"));
      assertThat(receive(other).header().id()).isEqualTo(8);

      later.complete(LoopbackServer.message(QUERY));
      assertThat(receive(waiting).header().id()).isEqualTo(7);
    }
  }

  @Test
  void shouldNotGiveAgainWhatNoHandlerPermits() throws IOException {
    DnsHandler counting =
        (query, rest) -> CompletableFuture.completedFuture(query.reply(Rcode.NOERROR));
    try (LoopbackServer server =
            new LoopbackServer(IoTransport.best(), ServerLimits.DEFAULT, counting);
        DatagramSocket client = client(server)) {
      for (int i = 0; i < 5; i++) {
        send(client, QUERY);
        receive(client);
      }
      assertThat(server.counters.get("queries.udp")).isEqualTo(5);
      assertThat(server.counters.get("answers.ready")).isZero();
    }
  }

  @Test
  void shouldAnswerNoMoreOnceClosed() throws IOException {
    DatagramSocket client;
    try (LoopbackServer server =
        new LoopbackServer(
            IoTransport.best(), 2, ServerLimits.DEFAULT, (query, rest) -> rest.next(query))) {
      client = client(server);
      send(client, QUERY);
      assertThat(receive(client).rcode()).isEqualTo(Rcode.REFUSED);
    }
    try (client) {
      client.setSoTimeout(100);
      send(client, QUERY);
      assertThatThrownBy(() -> receive(client))
          .isInstanceOfAny(SocketTimeoutException.class, PortUnreachableException.class);
    }
  }
}
