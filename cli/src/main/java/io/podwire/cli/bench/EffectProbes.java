package io.podwire.cli.bench;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Asks over UDP from inside many Pods' network namespaces, until each has had the answer that a
 * change is to bring: what programs in these Pods would see, and when.
 *
 * <p>The Pods share the machine with what is measured, and a packet that passes two agents which
 * have seen little traffic costs a millisecond or two of it, as much as the change itself does in
 * an agent. So one thread asks for all of them, with few questions under way, and begins only after
 * a time that a change surely needs; what has had the answer is not asked for any more. Every time
 * is so an upper bound. Not thread-safe.
 */
final class EffectProbes implements AutoCloseable {
  private static final int UNDER_WAY = 4;
  private static final long QUIET_PER_POD = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long BETWEEN_QUESTIONS_OF_ONE = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long ANSWER_LIMIT = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int MAX_ANSWER = 1500;

  private final Selector selector;
  private final Deque<Probe> waiting = new ArrayDeque<>();
  private final Deque<Probe> underWay = new ArrayDeque<>();
  private final ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER);

  private static final class Probe {
    final DatagramChannel channel;
    long asked;

    Probe(DatagramChannel channel) {
      this.channel = channel;
    }
  }

  /** Asks through these connected sockets, which it closes with itself. */
  EffectProbes(Collection<DatagramChannel> sockets) {
    try {
      selector = Selector.open();
      for (DatagramChannel socket : sockets) {
        Probe probe = new Probe(socket);
        waiting.add(probe);
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ, probe);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("watching the probes' sockets", failure);
    }
  }

  /** With a socket in each of the namespaces. */
  static EffectProbes in(Collection<NetworkNamespace> pods, InetSocketAddress server) {
    List<DatagramChannel> sockets = new ArrayList<>();
    try {
      for (NetworkNamespace pod : pods) {
        sockets.add(pod.call(() -> open(server)));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("opening the probes' sockets", failure);
    }
    return new EffectProbes(sockets);
  }

  private static DatagramChannel open(InetSocketAddress server) throws IOException {
    return DatagramChannel.open(StandardProtocolFamily.INET).connect(server);
  }

  /**
   * Waits for the effect in every Pod.
   *
   * @return {@link System#nanoTime} when the last one saw it
   */
  long await(byte[] question, Predicate<ByteBuffer> effect, Duration patience) {
    long last = System.nanoTime();
    long deadline = last + patience.toNanos();
    long first = last + QUIET_PER_POD * waiting.size();
    waiting.forEach(probe -> probe.asked = first - BETWEEN_QUESTIONS_OF_ONE);
    try {
      while (!waiting.isEmpty() || !underWay.isEmpty()) {
        long now = System.nanoTime();
        giveUpUnanswered(now);
        ask(question, now);
        selector.select(1);
        for (SelectionKey key : selector.selectedKeys()) {
          if (hasSeen((Probe) key.attachment(), effect)) {
            last = System.nanoTime();
            key.cancel();
          }
        }
        selector.selectedKeys().clear();
        if (now - deadline > 0) {
          throw new CommandFailure(
              "a change has had no effect after %d s in %d Pods"
                  .formatted(patience.toSeconds(), waiting.size() + underWay.size()));
        }
      }
      return last;
    } catch (IOException failure) {
      throw new UncheckedIOException("asking from Pods", failure);
    }
  }

  private void giveUpUnanswered(long now) {
    while (!underWay.isEmpty() && now - underWay.getFirst().asked > ANSWER_LIMIT) {
      waiting.addLast(underWay.removeFirst());
    }
  }

  private void ask(byte[] question, long now) throws IOException {
    while (underWay.size() < UNDER_WAY
        && !waiting.isEmpty()
        && now - waiting.getFirst().asked >= BETWEEN_QUESTIONS_OF_ONE) {
      Probe probe = waiting.removeFirst();
      probe.asked = now;
      underWay.addLast(probe);
      write(probe, question);
    }
  }

  private static void write(Probe probe, byte[] question) throws IOException {
    try {
      probe.channel.write(ByteBuffer.wrap(question));
    } catch (PortUnreachableException refused) {
      // Said of an earlier question: no answer.
    }
  }

  private boolean hasSeen(Probe probe, Predicate<ByteBuffer> effect) throws IOException {
    boolean seen = false;
    try {
      while (!seen && probe.channel.read(answer.clear()) > 0) {
        seen = effect.test(answer.flip());
      }
    } catch (PortUnreachableException refused) {
      // As good as the old answer.
    }
    boolean expected = underWay.remove(probe);
    if (seen) {
      waiting.remove(probe);
    } else if (expected) {
      waiting.addLast(probe);
    }
    return seen;
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException failure) {
      throw new UncheckedIOException("closing the probes' sockets", failure);
    }
  }
}
