package io.podwire.cluster.fault;

import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.List;

/**
 * What is done to DNS answers.
 *
 * @param patterns names in which {@code ?} stands for any character and a trailing {@code *} for
 *     any rest; none means every name
 * @param queryTypes such as {@code A}; none means every type
 * @param addresses of {@link Action#ADDRESS}; none means addresses by lot
 * @param delay of {@link Action#DELAY}
 * @param probability the share of the matching queries, from 0 to 1
 */
public record DnsEffect(
    Action action,
    List<String> patterns,
    List<String> queryTypes,
    List<IpAddress> addresses,
    Duration delay,
    double probability) {

  public DnsEffect {
    patterns = List.copyOf(patterns);
    queryTypes = List.copyOf(queryTypes);
    addresses = List.copyOf(addresses);
  }

  /** What the client gets. */
  public enum Action {
    NXDOMAIN,
    SERVFAIL,
    REFUSED,
    TRUNCATED,
    DELAY,
    DROP,
    ADDRESS,
    A_ONLY,
    AAAA_ONLY,
    WRONG_ID
  }
}
