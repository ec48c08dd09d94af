package io.podwire.testkit.assertion;

import io.podwire.packet.addr.IpAddress;
import java.util.Set;

/** Something that packets come from and go to: a Pod, a Service, a Node. */
public interface Addressed {

  /** The name that failures tell. */
  String name();

  /** The addresses that it has now. */
  Set<IpAddress> addresses();
}
