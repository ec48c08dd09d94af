package io.podwire.dns.plugin;

import io.podwire.dns.handler.DnsHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One plugin at work in one server block; started once and closed once. */
public interface Part extends AutoCloseable {

  /** Takes queries; null where the plugin has nothing to do with them. */
  default @Nullable DnsHandler handler() {
    return null;
  }

  /** Called when the block begins to be served. */
  default void start() {}

  /** Whether it is ready for queries, for {@code ready}. */
  default boolean isReady() {
    return true;
  }

  /** Whether it has a use for questions of other classes than IN; without one they are REFUSED. */
  default boolean takesOtherClasses() {
    return false;
  }

  /** How long it wants the server to go on after it was told to end. */
  default Duration linger() {
    return Duration.ZERO;
  }

  @Override
  default void close() {}

  /** A part that is a handler and nothing more. */
  static Part of(DnsHandler handler) {
    return new Part() {
      @Override
      public DnsHandler handler() {
        return handler;
      }
    };
  }

  /** A part without any. */
  static Part none() {
    return new Part() {};
  }
}
