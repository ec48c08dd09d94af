package io.podwire.dns.forward;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections to upstreams that wait for a question, for a while; thread-safe. */
final class IdleConnections {

  private static final AttributeKey<Long> BORN = AttributeKey.valueOf("born");

  private final ForwardRules.Connections rules;
  private final Map<Upstream.Target, Deque<Channel>> waiting = new HashMap<>();
  private boolean closed;

  IdleConnections(ForwardRules.Connections rules) {
    this.rules = rules;
  }

  /** The one used last; null where there is none. */
  synchronized @Nullable Channel take(Upstream.Target target) {
    Deque<Channel> channels = waiting.get(target);
    while (channels != null && !channels.isEmpty()) {
      Channel channel = channels.removeLast();
      if (channel.isActive() && !isOld(channel)) {
        return channel;
      }
      channel.close();
    }
    return null;
  }

  /** Notes when the connection was made, at its first look at it. */
  private boolean isOld(Channel channel) {
    long now = System.nanoTime();
    Long born = channel.attr(BORN).setIfAbsent(now);
    return born != null && !rules.maxAge().isZero() && now - born >= rules.maxAge().toNanos();
  }

  synchronized void put(Upstream.Target target, Channel channel) {
    Deque<Channel> channels = waiting.computeIfAbsent(target, key -> new ArrayDeque<>());
    boolean full = rules.maxIdle() > 0 && channels.size() >= rules.maxIdle();
    if (closed || full || rules.expire().isZero() || isOld(channel)) {
      channel.close();
      return;
    }
    channels.addLast(channel);
    channel
        .eventLoop()
        .schedule(() -> expire(target, channel), rules.expire().toNanos(), TimeUnit.NANOSECONDS);
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
