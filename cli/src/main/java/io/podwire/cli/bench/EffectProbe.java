package io.podwire.cli.bench;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Asks over UDP from inside a Pod's network namespace, again and again, until the answer is the one
 * that a change is to bring: what a program in that Pod would see, and when.
 *
 * <p>Each question has a socket of its own, so that no connection tracking keeps an earlier choice.
 */
final class EffectProbe {
  private static final int ANSWER_MILLIS = 20;
  private static final int MAX_ANSWER = 1500;

  private final NetworkNamespace pod;
  private final InetSocketAddress server;
  private final Duration pause;

  EffectProbe(NetworkNamespace pod, InetSocketAddress server, Duration pause) {
    this.pod = pod;
    this.server = server;
    this.pause = pause;
  }

  /**
   * Waits for the effect.
   *
   * @return {@link System#nanoTime} when it was seen
   */
  long await(byte[] question, Predicate<ByteBuffer> effect, Duration patience) {
    return pod.call(() -> {
      long deadline = System.nanoTime() + patience.toNanos();
      while (System.nanoTime() < deadline) {
        if (ask(question, effect)) {
          return System.nanoTime();
        }
        // A breath between two questions: the probes share the machine with what they measure.
        LockSupport.parkNanos(pause.toNanos());
      }
      throw new CommandFailure(
          "a change has had no effect at " + server + " after " + patience.toSeconds() + " s");
    });
  }

  private boolean ask(byte[] question, Predicate<ByteBuffer> effect) {
    try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.connect(server);
      channel.write(ByteBuffer.wrap(question));
      channel.register(selector, SelectionKey.OP_READ);
      if (selector.select(ANSWER_MILLIS) == 0) {
        return false;
      }
      ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER);
      return channel.read(answer) > 0 && effect.test(answer.flip());
    } catch (IOException refused) {
      return false;
    }
  }
}
