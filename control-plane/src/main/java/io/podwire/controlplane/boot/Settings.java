package io.podwire.controlplane.boot;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.packet.addr.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The options, understood and found sound.
 *
 * @param data of the embedded ZooKeeper; exactly one of this and {@code zookeeper} is there
 * @param zookeeper servers of an external one
 */
record Settings(
    Optional<Path> data,
    Optional<String> zookeeper,
    InetSocketAddress grpc,
    Optional<InetSocketAddress> http,
    Optional<Path> apiSocket,
    IpAddress advertise,
    ClusterConfig config,
    String id,
    List<Path> manifests,
    Duration nodeGrace,
    Optional<Path> readyFile) {

  Settings {
    manifests = List.copyOf(manifests);
  }

  /** The settings that every control plane of a cluster has to share, one a line. */
  String shared() {
    return String.join(
        "\n",
        "--pod-cidr " + config.podCidrs(),
        "--service-cidr " + config.serviceCidrs(),
        "--node-cidr " + config.nodeCidr(),
        "--load-balancer-cidr " + config.loadBalancerCidrs(),
        "--zone " + config.zone(),
        "--vni " + config.vni());
  }
}
