package io.podwire.netstack.impair;

import io.podwire.packet.addr.Cidr;
import java.util.List;

/** Networks laid out for a look at each packet; an empty set holds every address. */
final class AddressSet {

  private final long[] high;
  private final long[] low;
  private final long[] highMask;
  private final long[] lowMask;

  AddressSet(List<Cidr> networks) {
    int size = networks.size();
    high = new long[size];
    low = new long[size];
    highMask = new long[size];
    lowMask = new long[size];
    for (int i = 0; i < size; i++) {
      Cidr network = networks.get(i);
      int bits = network.prefixLength() + (network.isIpv4() ? 96 : 0);
      high[i] = network.base().high();
      low[i] = network.base().low();
      highMask[i] = bits >= Long.SIZE ? -1 : bits == 0 ? 0 : -1L << (Long.SIZE - bits);
      lowMask[i] = bits <= Long.SIZE ? 0 : -1L << (2 * Long.SIZE - bits);
    }
  }

  boolean contains(long addressHigh, long addressLow) {
    for (int i = 0; i < high.length; i++) {
      if ((addressHigh & highMask[i]) == high[i] && (addressLow & lowMask[i]) == low[i]) {
        return true;
      }
    }
    return high.length == 0;
  }
}
