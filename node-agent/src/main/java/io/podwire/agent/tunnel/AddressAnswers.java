package io.podwire.agent.tunnel;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.addr.IpAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an address family says whose an address is. Confined to the node's event loop. */
interface AddressAnswers extends AutoCloseable {

  /** Gets ready to be asked for these addresses, and for no others any more. */
  default void replace(Set<IpAddress> addresses) {}

  /** The answer to a frame that asks for one of these addresses; null to any other. */
  @Nullable Frame answer(byte[] question, Set<IpAddress> addresses);

  /** What tells everyone unasked that the address is here. */
  Frame announcement(IpAddress address);

  @Override
  default void close() {}
}
