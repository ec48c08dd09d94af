package io.podwire.dns.forward;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections to upstreams that wait for a question, for a while; thread-safe. */
final class IdleConnections {

  /** More of one upstream are closed: questions seldom come so many at once. */
  private static final int MAX_EACH = 16;

  private final Duration expire;
  private final Map<Upstream.Target, Deque<Channel>> waiting = new HashMap<>();
  private boolean closed;

  IdleConnections(Duration expire) {
    this.expire = expire;
  }

  /** The one used last; null where there is none. */
  synchronized @Nullable Channel take(Upstream.Target target) {
    Deque<Channel> channels = waiting.get(target);
    while (channels != null && !channels.isEmpty()) {
      Channel channel = channels.removeLast();
      if (channel.isActive()) {
        return channel;
      }
    }
    return null;
  }

  synchronized void put(Upstream.Target target, Channel channel) {
    Deque<Channel> channels = waiting.computeIfAbsent(target, key -> new ArrayDeque<>());
    if (closed || channels.size() >= MAX_EACH || expire.isZero()) {
      channel.close();
      return;
    }
    channels.addLast(channel);
    channel
        .eventLoop()
        .schedule(() -> expire(target, channel), expire.toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized void expire(Upstream.Target target, Channel channel) {
    Deque<Channel> channels = waiting.get(target);
    if (channels != null && channels.remove(channel)) {
      channel.close();
    }
  }

  synchronized void close() {
    closed = true;
    waiting.values().forEach(channels -> channels.forEach(Channel::close));
    waiting.clear();
  }
}
