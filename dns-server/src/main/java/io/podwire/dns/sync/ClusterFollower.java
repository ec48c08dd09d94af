package io.podwire.dns.sync;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.proto.StateFollower;
import java.util.List;
import java.util.function.Consumer;

/** Follows the cluster's state from any of several control planes until it is closed. */
public final class ClusterFollower implements AutoCloseable {
  private final StateFollower follower;

  private ClusterFollower(StateFollower follower) {
    this.follower = follower;
  }

  /**
   * Starts to follow.
   *
   * @param controlPlanes {@code host:port} each
   * @param client a name for the control plane's log
   * @param updates called on one thread, one call at a time
   * @param heard called on the same thread whenever a control plane has said anything
   */
  public static ClusterFollower start(
      List<String> controlPlanes,
      ControlPlaneChannels channels,
      String client,
      Consumer<ClusterUpdate> updates,
      Runnable heard) {
    StateFollower.Listener listener =
        new StateFollower.Listener() {
          @Override
          public void heard() {
            heard.run();
          }

          @Override
          public void updated(ClusterUpdate update) {
            updates.accept(update);
          }
        };
    StateFollower follower = StateFollower.watch(controlPlanes, channels, client, listener);
    follower.start();
    return new ClusterFollower(follower);
  }

  @Override
  public void close() {
    follower.close();
  }
}
