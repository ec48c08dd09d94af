package io.podwire.cluster.attach;

import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What resolv.conf(5) says.
 *
 * @param options as they are written, such as {@code ndots:5}; each name once
 */
public record ResolverConfig(
    List<IpAddress> nameservers, List<String> search, List<String> options) {

  /** Resolvers use no more (MAXNS), and kubelet writes no more. */
  private static final int MAX_NAMESERVERS = 3;

  private static final int MAX_SEARCHES = 32;
  private static final int MAX_SEARCH_OCTETS = 2048;

  public ResolverConfig {
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
    options = List.copyOf(options);
  }

  /** Reads a file; what resolvers do not know, and addresses with a scope, are left out. */
  public static ResolverConfig parse(String text) {
    List<IpAddress> nameservers = new ArrayList<>();
    List<String> search = List.of();
    List<String> options = new ArrayList<>();
    for (String line : text.lines().toList()) {
      List<String> words = List.of(line.strip().split("\\s+"));
      List<String> values = words.subList(1, words.size());
      switch (words.get(0)) {
        case "nameserver" -> values.stream().limit(1).forEach(value -> read(value, nameservers));
        // The last one counts, whichever of the two it is.
        case "search" -> search = values.stream().map(ResolverConfig::withoutDot).toList();
        case "domain" -> search = values.stream().limit(1).map(ResolverConfig::withoutDot).toList();
        case "options" -> options.addAll(values);
        default -> {}
      }
    }
    return new ResolverConfig(nameservers, search, List.of()).with(List.of(), List.of(), options);
  }

  private static String withoutDot(String domain) {
    return domain.length() > 1 && domain.endsWith(".")
        ? domain.substring(0, domain.length() - 1)
        : domain;
  }

  private static void read(String address, List<IpAddress> nameservers) {
    try {
      nameservers.add(IpAddress.parse(address));
    } catch (IllegalArgumentException e) {
      // fe80::1%eth0 names an interface of the node, which a Pod has not.
    }
  }

  /**
   * With more behind its own, as a Pod's {@code dnsConfig} adds them: what is there already stays
   * where it is, and an option of the same name is replaced. What goes beyond the limits of
   * resolvers is cut off.
   */
  public ResolverConfig with(
      List<IpAddress> moreNameservers, List<String> moreSearch, List<String> moreOptions) {
    LinkedHashSet<String> domains = new LinkedHashSet<>(search);
    domains.addAll(moreSearch);
    LinkedHashSet<IpAddress> servers = new LinkedHashSet<>(nameservers);
    servers.addAll(moreNameservers);
    Map<String, String> named = new LinkedHashMap<>();
    for (List<String> from : List.of(options, moreOptions)) {
      from.forEach(option -> named.put(option.split(":", 2)[0], option));
    }
    return new ResolverConfig(
        servers.stream().limit(MAX_NAMESERVERS).toList(),
        fitting(domains),
        List.copyOf(named.values()));
  }

  private static List<String> fitting(LinkedHashSet<String> domains) {
    List<String> kept = new ArrayList<>();
    int octets = -1;
    for (String domain : domains) {
      octets += domain.length() + 1;
      if (kept.size() < MAX_SEARCHES && octets <= MAX_SEARCH_OCTETS) {
        kept.add(domain);
      }
    }
    return kept;
  }

  /** The file's text; a line without a value is left out. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(text, "search", search);
    nameservers.forEach(each -> line(text, "nameserver", List.of(each.toString())));
    line(text, "options", options);
    return text.toString();
  }

  private static void line(StringBuilder text, String word, List<String> values) {
    if (!values.isEmpty()) {
      text.append(word).append(' ').append(String.join(" ", values)).append('\n');
    }
  }
}
