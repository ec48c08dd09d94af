package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.link.Frame;

/** Hears of each packet that a fault drops, so that a capture can name the fault. */
@FunctionalInterface
public interface LossObserver {

  /** Is told of a packet; the frame is only lent. */
  void lost(LinkFault fault, LossCause cause, Frame frame);
}
