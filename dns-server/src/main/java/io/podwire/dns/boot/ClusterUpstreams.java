package io.podwire.dns.boot;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.dns.kubernetes.ClusterState;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upstreams that the cluster's configuration names; unknown until the first snapshot. */
final class ClusterUpstreams implements Supplier<Optional<List<InetSocketAddress>>> {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterUpstreams.class);

  private static final List<InetSocketAddress> NONE = List.of();

  private final ClusterState state;
  private final boolean follows;
  private volatile @Nullable Known known;

  /** What was made of a configuration, so that it is read once and not for each question. */
  private record Known(ClusterConfig config, List<InetSocketAddress> upstreams) {}

  /**
   * Of a state.
   *
   * @param follows whether it ever becomes known; there are none where it does not
   */
  ClusterUpstreams(ClusterState state, boolean follows) {
    this.state = state;
    this.follows = follows;
  }

  @Override
  public Optional<List<InetSocketAddress>> get() {
    return follows ? state.config().map(this::of) : Optional.of(NONE);
  }

  // The very same instance is the same configuration; a new snapshot is read again.
  @SuppressWarnings("ReferenceEquality")
  private List<InetSocketAddress> of(ClusterConfig config) {
    Known before = known;
    if (before != null && before.config == config) {
      return before.upstreams;
    }
    List<InetSocketAddress> upstreams =
        config.upstreams().stream().flatMap(text -> parsed(text).stream()).toList();
    known = new Known(config, upstreams);
    return upstreams;
  }

  private static Optional<InetSocketAddress> parsed(String text) {
    Optional<InetSocketAddress> address = SocketAddresses.parse(text, DnsConfiguration.PORT);
    if (address.isEmpty()) {
      LOG.warn("the cluster's upstream '{}' is no ADDRESS[:PORT] and is left out", text);
    }
    return address;
  }
}
