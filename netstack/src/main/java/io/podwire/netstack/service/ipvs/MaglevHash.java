package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code mh}: by the client's address over a table of Maglev's of 4,093 places, where each server
 * has as many turns as its weight says.
 *
 * <p>The hash is of the project's own, where Linux has HalfSipHash; the table's way to be filled is
 * the same.
 */
final class MaglevHash implements Scheduler {

  /** {@code CONFIG_IP_VS_MH_TAB_INDEX} 12. */
  static final int PLACES = 4093;

  /** Weights are shifted to so many bits. */
  private static final int WEIGHT_BITS = 6;

  private static final long OFFSET_KEY = 2_654_435_761L;
  private static final long SKIP_KEY = 2_654_446_892L;

  private @Nullable ServiceEndpoint[] places = {};

  @Override
  public void update(List<ServiceEndpoint> servers) {
    places = new ServiceEndpoint[PLACES];
    if (Weights.largest(servers) == 0) {
      return;
    }
    int divisor = Weights.divisor(servers);
    int most = Weights.largest(servers) / divisor;
    int shift = Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(most) - WEIGHT_BITS);
    int[] next = new int[servers.size()];
    int[] skip = new int[servers.size()];
    int[] turns = new int[servers.size()];
    for (int i = 0; i < next.length; i++) {
      ServiceEndpoint server = servers.get(i);
      IpAddress address = server.backend().address();
      next[i] = hash(address, server.backend().port(), OFFSET_KEY) % PLACES;
      skip[i] = hash(address, server.backend().port(), SKIP_KEY) % (PLACES - 1) + 1;
      int weight = Math.max(0, server.weight());
      turns[i] = Math.max(weight / divisor >> shift, weight > 0 ? 1 : 0);
    }
    fill(servers, next, skip, turns);
  }

  private void fill(List<ServiceEndpoint> servers, int[] next, int[] skip, int[] turns) {
    int filled = 0;
    while (true) {
      for (int i = 0; i < next.length; i++) {
        for (int turn = 0; turn < turns[i]; turn++) {
          while (places[next[i]] != null) {
            next[i] = (next[i] + skip[i]) % PLACES;
          }
          places[next[i]] = servers.get(i);
          if (++filled == PLACES) {
            return;
          }
        }
      }
    }
  }

  /** Never negative. */
  private static int hash(IpAddress address, int port, long key) {
    long h = (AddressHash.fold(address) + port & 0xffff_ffffL) ^ key << 32 ^ key;
    h = (h ^ h >>> 33) * 0xff51_afd7_ed55_8ccdL;
    h = (h ^ h >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
    return (int) (h >>> 33);
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    return places.length == 0 ? null : places[hash(packet.source(), 0, OFFSET_KEY) % PLACES];
  }
}
