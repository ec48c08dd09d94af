package io.podwire.agent.sync;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.proto.v1.Hello;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent tells the control plane of its node.
 *
 * @param address on the node network, also the tunnel's outer address
 * @param grpcPort TCP port of exec and logs
 * @param attachSocket where programs attach Pods; null for nowhere
 * @param instance new at each start: tells a reconnection from a second agent of that name
 */
public record NodeRegistration(
    String name,
    IpAddress address,
    MacAddress vtepMac,
    int vxlanPort,
    int grpcPort,
    Map<String, String> labels,
    @Nullable Path attachSocket,
    String instance) {

  public NodeRegistration {
    labels = Map.copyOf(labels);
  }

  Hello toHello() {
    return Hello.newBuilder()
        .setNodeName(name)
        .setAddress(address.toString())
        .setVtepMac(vtepMac.toString())
        .setVxlanPort(vxlanPort)
        .setAgentPort(grpcPort)
        .putAllLabels(labels)
        .setAttachSocket(attachSocket == null ? "" : attachSocket.toString())
        .setInstance(instance)
        .build();
  }
}
