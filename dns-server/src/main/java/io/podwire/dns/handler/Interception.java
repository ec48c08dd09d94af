package io.podwire.dns.handler;

import io.podwire.packet.dns.Question;
import java.net.InetAddress;

/**
 * Somebody in the chain who may want to see queries whose answers are ready.
 *
 * <p>Thread-safe.
 */
public interface Interception {

  /** Nobody wants to see any. */
  Interception NONE =
      new Interception() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public boolean concerns(Question question, InetAddress client) {
          return false;
        }
      };

  /** Whether any query may be concerned; asked for each one, so it must be quick. */
  boolean isOn();

  /** Whether a query over UDP has to be given to the handlers; asked only while it is on. */
  boolean concerns(Question question, InetAddress client);
}
