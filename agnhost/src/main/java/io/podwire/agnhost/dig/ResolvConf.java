package io.podwire.agnhost.dig;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code resolv.conf(5)} says.
 *
 * @param ndots a name with fewer dots is tried with the search list first
 */
record ResolvConf(List<IpAddress> nameservers, List<DnsName> search, int ndots) {

  /** The C library asks no more of them. */
  private static final int MAX_NAMESERVERS = 3;

  private static final IpAddress LOCAL = IpAddress.parse("127.0.0.1");

  static ResolvConf read(Path file) {
    try {
      return parse(Files.readAllLines(file));
    } catch (IOException e) {
      // As the C library does where there is no such file.
      return parse(List.of());
    }
  }

  static ResolvConf parse(List<String> lines) {
    List<IpAddress> nameservers = new ArrayList<>();
    List<DnsName> search = new ArrayList<>();
    int ndots = 1;
    for (String line : lines) {
      String[] words = line.replaceFirst("[#;].*", "").strip().split("\\s+");
      List<String> values = Arrays.asList(words).subList(1, words.length);
      switch (words[0]) {
        case "nameserver" ->
            values.stream()
                .limit(1)
                .flatMap(value -> IpAddress.tryParse(value).stream())
                .forEach(nameservers::add);
        case "search", "domain" -> {
          // The last of these lines counts.
          search.clear();
          values.stream().flatMap(value -> DnsName.tryParse(value).stream()).forEach(search::add);
        }
        case "options" -> {
          for (String value : values) {
            if (value.matches("ndots:[0-9]{1,2}")) {
              ndots = Math.min(15, Integer.parseInt(value.substring("ndots:".length())));
            }
          }
        }
        default -> {
          // Other keys change nothing here.
        }
      }
    }
    List<IpAddress> first = nameservers.stream().limit(MAX_NAMESERVERS).toList();
    return new ResolvConf(first.isEmpty() ? List.of(LOCAL) : first, search, ndots);
  }

  /** The names to try for a name as it was written, in order. */
  List<DnsName> candidates(String text) {
    DnsName absolute = DnsName.parse(text);
    if (text.endsWith(".")) {
      return List.of(absolute);
    }
    List<DnsName> candidates = new ArrayList<>();
    for (DnsName domain : search) {
      DnsName.tryParse(text + "." + domain).ifPresent(candidates::add);
    }
    boolean enoughDots = absolute.labelCount() - 1 >= ndots;
    candidates.add(enoughDots ? 0 : candidates.size(), absolute);
    return candidates;
  }
}
