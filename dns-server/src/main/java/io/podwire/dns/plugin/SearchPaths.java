package io.podwire.dns.plugin;

import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsName;
import java.util.List;

/** A part that knows the search list of a client's resolver, for {@code autopath @…}. */
public interface SearchPaths {

  /** The list without the root at its end; empty where the client is not known. */
  List<DnsName> of(Query query);
}
