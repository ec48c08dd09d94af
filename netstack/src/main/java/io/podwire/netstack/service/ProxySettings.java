package io.podwire.netstack.service;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How a node balances connections to Services.
 *
 * @param scheduler matters to {@link ProxyMode#IPVS} alone
 */
public record ProxySettings(ProxyMode mode, IpvsScheduler scheduler) {

  /** What a node does until it is told otherwise. */
  public static final ProxySettings DEFAULT =
      new ProxySettings(ProxyMode.IPTABLES, IpvsScheduler.RR);

  /**
   * Reads a mode's name, with that of a scheduler behind a slash: {@code ipvs/wrr}.
   *
   * @throws IllegalArgumentException for people to read
   */
  public static ProxySettings parse(String text) {
    int slash = text.indexOf('/');
    String name = slash < 0 ? text : text.substring(0, slash);
    ProxyMode mode = named(ProxyMode.values(), name, "'" + name + "' is no mode; there are ");
    if (slash < 0) {
      return new ProxySettings(mode, DEFAULT.scheduler());
    }
    if (mode != ProxyMode.IPVS) {
      throw new IllegalArgumentException("'" + text + "': only ipvs has schedulers; write " + name);
    }
    String scheduler = text.substring(slash + 1);
    return new ProxySettings(
        mode,
        named(
            IpvsScheduler.values(),
            scheduler,
            "'" + scheduler + "' is no scheduler of ipvs; there are "));
  }

  private static <E extends Enum<E>> E named(E[] values, String name, String otherwise) {
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        otherwise
            + Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  /** As {@link #parse} reads it. */
  public String text() {
    String name = mode.name().toLowerCase(Locale.ROOT);
    return mode == ProxyMode.IPVS ? name + "/" + scheduler.name().toLowerCase(Locale.ROOT) : name;
  }
}
