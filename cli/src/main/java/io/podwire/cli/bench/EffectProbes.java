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
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Asks over UDP from inside many Pods' network namespaces, until each has had the answer that a
 * change is to bring: what programs in these Pods would see, and when.
 *
 * <p>The Pods share the machine with what is measured, so one thread asks for all of them, so many
 * questions a second and no more; a Pod that has had the answer is not asked for any more, and the
 * fewer are left, the more often each is. Not thread-safe.
 */
final class EffectProbes implements AutoCloseable {
  private static final long BETWEEN_QUESTIONS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final long BETWEEN_QUESTIONS_OF_ONE = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int MAX_ANSWER = 1500;

  private final Selector selector;
  private final Deque<Probe> waiting = new ArrayDeque<>();
  private final ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER);

  private static final class Probe {
    final DatagramChannel channel;
    long nextQuestion;

    Probe(DatagramChannel channel) {
      this.channel = channel;
    }
  }

  /** Opens a socket in each of the namespaces, and asks nothing yet. */
  EffectProbes(Collection<NetworkNamespace> pods, InetSocketAddress server) {
    try {
      selector = Selector.open();
      for (NetworkNamespace pod : pods) {
        Probe probe = new Probe(pod.call(() -> open(server)));
        waiting.add(probe);
        probe.channel.register(selector, SelectionKey.OP_READ, probe);
      }
    } catch (IOException failure) {
      close();
      throw new UncheckedIOException("opening the probes' sockets", failure);
    }
  }

  private static DatagramChannel open(InetSocketAddress server) throws IOException {
    DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
    channel.configureBlocking(false);
    return channel.connect(server);
  }

  /**
   * Waits for the effect in every Pod.
   *
   * @return {@link System#nanoTime} when the last one saw it
   */
  long await(byte[] question, Predicate<ByteBuffer> effect, Duration patience) {
    long last = System.nanoTime();
    long deadline = last + patience.toNanos();
    long next = last;
    long now = last;
    try {
      while (!waiting.isEmpty()) {
        next = ask(question, now, next);
        selector.select(1);
        for (SelectionKey key : selector.selectedKeys()) {
          if (hasSeen((Probe) key.attachment(), effect)) {
            last = System.nanoTime();
            key.cancel();
          }
        }
        selector.selectedKeys().clear();
        now = System.nanoTime();
        if (now - deadline > 0) {
          throw new CommandFailure(
              "a change has had no effect after %d s in %d Pods"
                  .formatted(patience.toSeconds(), waiting.size()));
        }
      }
      return last;
    } catch (IOException failure) {
      throw new UncheckedIOException("asking from Pods", failure);
    }
  }

  /** Asks what is due; returns when the next question is. */
  private long ask(byte[] question, long now, long due) throws IOException {
    long next = due;
    // What was not asked in time, for the machine was busy, is not made up for.
    for (int left = waiting.size(); left > 0 && now - next >= 0; left--) {
      Probe probe = waiting.getFirst();
      if (probe.nextQuestion != 0 && now - probe.nextQuestion < 0) {
        break;
      }
      waiting.addLast(waiting.removeFirst());
      probe.nextQuestion = now + BETWEEN_QUESTIONS_OF_ONE;
      write(probe, question);
      next += BETWEEN_QUESTIONS;
    }
    return now - next > TimeUnit.MILLISECONDS.toNanos(2) ? now : next;
  }

  private static void write(Probe probe, byte[] question) throws IOException {
    try {
      probe.channel.write(ByteBuffer.wrap(question));
    } catch (PortUnreachableException refused) {
      // Said of an earlier question: no answer.
    }
  }

  private boolean hasSeen(Probe probe, Predicate<ByteBuffer> effect) throws IOException {
    try {
      while (probe.channel.read(answer.clear()) > 0) {
        if (effect.test(answer.flip())) {
          waiting.remove(probe);
          return true;
        }
      }
    } catch (PortUnreachableException refused) {
      // No answer.
    }
    return false;
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
