package io.podwire.netstack.service.nftables;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.RuleNames;
import io.podwire.netstack.service.VirtualService;

/** The names of chains and sets in kube-proxy's table. */
final class NftNames {

  private static final int DIGITS = 8;

  /** nft takes 255 octets, of which prefixes have some. */
  private static final int LONGEST = 235;

  private NftNames() {}

  /** {@code ULMVA6XW-ns1/svc1/tcp/p80}. */
  static String base(VirtualService service, int protocol) {
    return hashed(plain(service, protocol));
  }

  /** {@code 5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80}. */
  static String base(VirtualService service, int protocol, Backend backend) {
    String address = backend.address().toString().replace(':', '.');
    return hashed(plain(service, protocol) + "__" + address + "/" + backend.port());
  }

  private static String plain(VirtualService service, int protocol) {
    String name = service.name();
    int colon = name.indexOf(':');
    String port = colon < 0 ? "" : name.substring(colon + 1);
    String object = colon < 0 ? name : name.substring(0, colon);
    return object + "/" + RuleNames.protocol(protocol) + "/" + port;
  }

  private static String hashed(String name) {
    String whole = RuleNames.hash(name, DIGITS) + "-" + name;
    return whole.length() > LONGEST ? whole.substring(0, LONGEST - 3) + "..." : whole;
  }
}
