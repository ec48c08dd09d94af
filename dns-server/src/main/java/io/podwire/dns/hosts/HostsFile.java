package io.podwire.dns.hosts;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a hosts file: an address and its names per line, {@code #} before a comment.
 *
 * <p>Immutable and thread-safe.
 *
 * @param names the first name of each address is its canonical one
 */
public record HostsFile(
    Map<DnsName, List<IpAddress>> addresses, Map<IpAddress, List<DnsName>> names) {

  public static final HostsFile EMPTY = new HostsFile(Map.of(), Map.of());

  /** Both of them; the other one's names come behind. */
  HostsFile with(HostsFile other) {
    Map<DnsName, List<IpAddress>> allAddresses = new LinkedHashMap<>();
    Map<IpAddress, List<DnsName>> allNames = new LinkedHashMap<>();
    for (HostsFile each : List.of(this, other)) {
      each.addresses.forEach((name, found) ->
          allAddresses.computeIfAbsent(name, key -> new ArrayList<>()).addAll(found));
      each.names.forEach((address, found) ->
          allNames.computeIfAbsent(address, key -> new ArrayList<>()).addAll(found));
    }
    return new HostsFile(allAddresses, allNames);
  }

  /** Reads lines; a line that is wrong adds to the problems, with its number and what to do. */
  public static HostsFile parse(List<String> lines, List<String> problems) {
    Map<DnsName, List<IpAddress>> addresses = new LinkedHashMap<>();
    Map<IpAddress, List<DnsName>> names = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String content = lines.get(i).replaceFirst("#.*", "").strip();
      if (content.isEmpty()) {
        continue;
      }
      String[] words = content.split("\\s+");
      Optional<IpAddress> address = IpAddress.tryParse(words[0]);
      if (address.isEmpty() || words.length == 1) {
        problems.add(
            "line "
                + (i + 1)
                + ": '"
                + content
                + "' is not an address and names; write it as 192.0.2.1 name.example");
        continue;
      }
      for (int word = 1; word < words.length; word++) {
        Optional<DnsName> name = DnsName.tryParse(words[word]);
        if (name.isEmpty()) {
          problems.add(
              "line "
                  + (i + 1)
                  + ": '"
                  + words[word]
                  + "' is not a domain name; labels have 1-63 characters");
          continue;
        }
        addresses.computeIfAbsent(name.get(), key -> new ArrayList<>()).add(address.get());
        names.computeIfAbsent(address.get(), key -> new ArrayList<>()).add(name.get());
      }
    }
    return new HostsFile(addresses, names);
  }
}
