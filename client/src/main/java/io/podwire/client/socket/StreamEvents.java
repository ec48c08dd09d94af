package io.podwire.client.socket;

import io.podwire.packet.Octets;
import io.podwire.packet.carry.CarryFailure;

/**
 * What happens to a TCP connection of the Pod.
 *
 * <p>Called on one thread that serves all of the Pod's sockets: it must not wait.
 */
interface StreamEvents {
  /** It is established; the ends are addresses with ports as the Pod sees them. */
  void opened(String local, String remote);

  /** It could not be established; nothing follows. */
  void failed(CarryFailure cause, String message);

  /** Octets from the other end; {@link CarriedStream#taken} gives back the room that they took. */
  void data(Octets octets);

  /** The other end sends no more. */
  void ended();

  /** The other end has reset it, or the Pod is gone; nothing follows. */
  void reset();

  /** There is room to send again. */
  void writable();
}
