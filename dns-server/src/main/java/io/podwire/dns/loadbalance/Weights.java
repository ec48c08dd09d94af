package io.podwire.dns.loadbalance;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.ResourceRecord;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How likely each address of a name is to come first; 1 where nothing is said.
 *
 * <p>Immutable and thread-safe.
 */
record Weights(Map<DnsName, Map<IpAddress, Integer>> names) {
  static final Weights NONE = new Weights(Map.of());

  /** Reads a weight file; lines that are wrong add to the problems. */
  static Weights parse(List<String> lines, List<String> problems) {
    Map<DnsName, Map<IpAddress, Integer>> names = new HashMap<>();
    @Nullable Map<IpAddress, Integer> current = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+");
      Optional<IpAddress> address = IpAddress.tryParse(words[0]);
      Optional<DnsName> name = DnsName.tryParse(words[0]);
      if (words.length == 1 && address.isEmpty() && name.isPresent()) {
        current = names.computeIfAbsent(name.get(), key -> new HashMap<>());
      } else if (words.length == 2
          && address.isPresent()
          && current != null
          && words[1].matches("[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5]")) {
        current.put(address.get(), Integer.valueOf(words[1]));
      } else {
        problems.add(
            "line "
                + (i + 1)
                + ": '"
                + line
                + "' is no name, and no address with a weight from 1 to 255 below one");
      }
    }
    return new Weights(names);
  }

  /** Puts one of the addresses in the place of the first, by lot. */
  void arrange(List<ResourceRecord> addresses, RandomGenerator random) {
    if (addresses.size() < 2) {
      return;
    }
    int sum = addresses.stream().mapToInt(this::weight).sum();
    int drawn = random.nextInt(sum);
    int first = 0;
    while (drawn >= weight(addresses.get(first))) {
      drawn -= weight(addresses.get(first++));
    }
    Collections.swap(addresses, 0, first);
  }

  private int weight(ResourceRecord each) {
    IpAddress address =
        switch (each.data()) {
          case Rdata.A a -> a.address();
          case Rdata.Aaaa aaaa -> aaaa.address();
          default -> null;
        };
    return address == null ? 1 : names.getOrDefault(each.name(), Map.of()).getOrDefault(address, 1);
  }
}
