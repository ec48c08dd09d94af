package io.podwire.cli.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.podwire.cli.outcome.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EffectProbesTest {
  private static final byte[] QUESTION = "hostname".getBytes(US_ASCII);
  private static final int OLD_ANSWERS = 3;

  private final Map<SocketAddress, Integer> asked = new ConcurrentHashMap<>();
  private DatagramChannel server;

  @BeforeEach
  void serve() throws IOException {
    server =
        DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::answer);
  }

  /** Each asker gets the old answer a few times, then the new one. */
  private void answer() {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    try {
      while (true) {
        SocketAddress from = server.receive(buffer.clear());
        String answer = asked.merge(from, 1, Integer::sum) <= OLD_ANSWERS ? "a" : "b";
        server.send(ByteBuffer.wrap(answer.getBytes(US_ASCII)), from);
      }
    } catch (AsynchronousCloseException end) {
      // The test is over.
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void shouldWaitUntilTheLastHasTheNewAnswer() throws IOException {
    try (EffectProbes probes = new EffectProbes(sockets(20))) {
      long seen = probes.await(QUESTION, answer -> text(answer).equals("b"), Duration.ofMinutes(1));

      assertThat(System.nanoTime() - seen).isNotNegative();
    }
    assertThat(asked)
        .hasSize(20)
        .allSatisfy((from, times) -> assertThat(times).isGreaterThan(OLD_ANSWERS));
  }

  @Test
  void shouldGiveUpWhereTheEffectDoesNotCome() throws IOException {
    try (EffectProbes probes = new EffectProbes(sockets(2))) {
      assertThatExceptionOfType(CommandFailure.class)
          .isThrownBy(() -> probes.await(QUESTION, answer -> false, Duration.ofMillis(50)))
          .withMessageContaining("in 2 Pods");
    }
  }

  private List<DatagramChannel> sockets(int count) throws IOException {
    List<DatagramChannel> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(DatagramChannel.open().connect(server.getLocalAddress()));
    }
    return sockets;
  }

  private static String text(ByteBuffer answer) {
    return US_ASCII.decode(answer).toString();
  }
}
