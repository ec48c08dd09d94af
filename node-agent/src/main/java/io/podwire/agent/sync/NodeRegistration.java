package io.podwire.agent.sync;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.proto.v1.Hello;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent tells the control plane of its node.
 *
 * @param addresses on the node network, at most one per family; the first is the tunnel's
 * @param grpcPort TCP port of exec and logs
 * @param attachSocket where programs attach Pods; null for nowhere
 * @param instance new at each start: tells a reconnection from a second agent of that name
 */
public record NodeRegistration(
    String name,
    List<IpAddress> addresses,
    MacAddress vtepMac,
    int vxlanPort,
    int grpcPort,
    Map<String, String> labels,
    @Nullable Path attachSocket,
    String instance) {

  public NodeRegistration {
    addresses = List.copyOf(addresses);
    labels = Map.copyOf(labels);
  }

  Hello toHello() {
    return Hello.newBuilder()
        .setNodeName(name)
        .setAddress(addresses.getFirst().toString())
        .addAllFurtherAddresses(addresses.stream().skip(1).map(IpAddress::toString).toList())
        .setVtepMac(vtepMac.toString())
        .setVxlanPort(vxlanPort)
        .setAgentPort(grpcPort)
        .putAllLabels(labels)
        .setAttachSocket(attachSocket == null ? "" : attachSocket.toString())
        .setInstance(instance)
        .build();
  }
}
