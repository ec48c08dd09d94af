package io.podwire.controlplane.boot;

import io.podwire.controlplane.controller.Reconcilers;
import io.podwire.controlplane.zookeeper.CuratorStore;
import io.podwire.controlplane.zookeeper.LeaderElection;
import io.podwire.controlplane.zookeeper.Presence;
import io.podwire.controlplane.zookeeper.ZooKeeperConnection;
import io.podwire.packet.addr.IpAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs the reconcilers while this control plane leads. Called on the election's thread. */
final class Leadership implements LeaderElection.Listener, AutoCloseable {

  private final ZooKeeperConnection connection;
  private final CuratorStore store;
  private final Presence nodes;
  private final Presence controlPlanes;
  private final Settings settings;
  private final int syncPort;
  private final LeaderElection election;
  private Runnable firstPass = () -> {};
  private volatile @Nullable Reconcilers reconcilers;

  Leadership(
      ZooKeeperConnection connection,
      CuratorStore store,
      Presence nodes,
      Presence controlPlanes,
      Settings settings,
      int syncPort) {
    this.connection = connection;
    this.store = store;
    this.nodes = nodes;
    this.controlPlanes = controlPlanes;
    this.settings = settings;
    this.syncPort = syncPort;
    this.election = new LeaderElection(connection, settings.id(), this);
  }

  /**
   * Stands for election.
   *
   * @param whenSettled called in each term when everything has been reconciled once
   */
  void start(Runnable whenSettled) {
    firstPass = whenSettled;
    nodes.onChange(this::wake);
    controlPlanes.onChange(this::wake);
    election.start();
  }

  private void wake() {
    Reconcilers running = reconcilers;
    if (running != null) {
      running.wake();
    }
  }

  @Override
  public void elected(long epoch) {
    Reconcilers begun =
        new Reconcilers(
            store.fencedBy(epoch),
            new Reconcilers.Environment(
                settings.config(),
                () -> nodes.live().keySet(),
                this::addresses,
                syncPort,
                settings.nodeGrace(),
                firstPass,
                connection::expireSession),
            election::resign);
    reconcilers = begun;
    begun.start();
  }

  @Override
  public void deposed() {
    Reconcilers running = reconcilers;
    reconcilers = null;
    if (running != null) {
      running.close();
    }
  }

  /** Its own address, and those of the others that serve on the same port, as a Service needs. */
  private Set<IpAddress> addresses() {
    Set<IpAddress> addresses = new HashSet<>();
    addresses.add(settings.advertise());
    for (Presence.Session other : controlPlanes.live().values()) {
      int colon = other.address().lastIndexOf(':');
      if (other.address().substring(colon + 1).equals(Integer.toString(syncPort))) {
        String host = other.address().substring(0, colon).replaceAll("[\\[\\]]", "");
        IpAddress.tryParse(host).ifPresent(addresses::add);
      }
    }
    return addresses;
  }

  @Override
  public void close() {
    election.close();
  }
}
