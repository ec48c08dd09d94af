package io.podwire.bench.comparison;

import io.podwire.bench.load.Iperf;
import io.podwire.bench.network.NetworkPeer;
import io.podwire.bench.network.PodNetwork;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The networks under comparison, started when the first chapter needs them and up side by side
 * until the last has used them: a network that carries nothing costs nothing.
 */
public final class Networks {
  /** The name of the peer that targets are for. */
  public static final String PODWIRE = "podwire";

  private static final int WARM_UP_SECONDS = 3;

  private final List<NetworkPeer> peers;
  private @Nullable Map<String, PodNetwork> started;

  /** Networks of these peers. */
  public Networks(List<NetworkPeer> peers) {
    this.peers = List.copyOf(peers);
  }

  /** Those that could be started, by their peers' names. */
  Map<String, PodNetwork> started(Session session) {
    if (started == null) {
      Map<String, PodNetwork> networks = new LinkedHashMap<>();
      for (NetworkPeer peer : peers) {
        start(peer, session).ifPresent(network -> networks.put(peer.name(), network));
      }
      started = networks;
      warmUp(session, networks);
    }
    return started;
  }

  private static Optional<PodNetwork> start(NetworkPeer peer, Session session) {
    Optional<String> missing = peer.missing();
    if (missing.isPresent()) {
      session.findings().missing(peer.name() + ": " + missing.get());
      return Optional.empty();
    }
    session.progress().now("Starting " + peer.name());
    try {
      PodNetwork network = session.bench().keep(peer.start(session.bench()));
      session.findings().peer(peer.name(), peer.description());
      return Optional.of(network);
    } catch (RuntimeException failure) {
      session.failed("starting " + peer.name(), failure);
      return Optional.empty();
    }
  }

  /** Lets neighbours be found, and whatever compiles while it runs be compiled. */
  private static void warmUp(Session session, Map<String, PodNetwork> networks) {
    if (Tool.missing(Tool.IPERF3).isPresent()) {
      return;
    }
    Iperf iperf = new Iperf(session.bench());
    networks.forEach((name, network) -> {
      session.progress().now("Warming up " + name);
      try {
        iperf.tcp(network.client(), network.server(), network.server().address(), WARM_UP_SECONDS);
      } catch (BenchFailure failure) {
        session.failed("warming up " + name, failure);
      }
    });
  }
}
