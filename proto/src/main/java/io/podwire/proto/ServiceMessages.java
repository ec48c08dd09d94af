package io.podwire.proto;

import static io.podwire.proto.PodMessages.orEmpty;
import static io.podwire.proto.PodMessages.orNull;
import static io.podwire.proto.ProtoTranslator.addresses;
import static io.podwire.proto.ProtoTranslator.cidrs;
import static io.podwire.proto.ProtoTranslator.texts;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.IpAddress;
import io.podwire.proto.v1.Endpoint;
import io.podwire.proto.v1.EndpointPort;
import io.podwire.proto.v1.ServicePort;
import java.util.Set;

/** Services and what stands behind them. */
final class ServiceMessages {

  private ServiceMessages() {}

  static io.podwire.proto.v1.Service toMessage(Service service) {
    io.podwire.proto.v1.Service.Builder message =
        io.podwire.proto.v1.Service.newBuilder()
            .setNamespace(service.key().namespace())
            .setName(service.key().name())
            .setType(
                switch (service.type()) {
                  case CLUSTER_IP -> "ClusterIP";
                  case NODE_PORT -> "NodePort";
                  case LOAD_BALANCER -> "LoadBalancer";
                  case EXTERNAL_NAME -> "ExternalName";
                })
            .setHeadless(service.headless())
            .addAllClusterIps(texts(service.clusterIps()))
            .addAllFamilies(texts(service.families()))
            .putAllSelector(service.selector())
            .putAllLabels(service.labels())
            .setExternalName(service.externalName())
            .setPublishNotReadyAddresses(service.publishNotReadyAddresses());
    for (Service.Port port : service.ports()) {
      message.addPorts(
          ServicePort.newBuilder()
              .setName(port.name())
              .setProtocol(port.protocol().name())
              .setPort(port.port())
              .setTargetPort(PodMessages.toMessage(port.targetPort()))
              .setNodePort(port.nodePort()));
    }
    write(service.traffic(), message);
    return message.build();
  }

  private static void write(Service.Traffic traffic, io.podwire.proto.v1.Service.Builder message) {
    Service.LoadBalancer balancer = traffic.loadBalancer();
    IpAddress wish = balancer.wish();
    message
        .addAllExternalIps(texts(traffic.externalIps()))
        .setAffinitySeconds(traffic.affinitySeconds())
        .setLocalInternally(traffic.localInternally())
        .setLocalExternally(traffic.localExternally())
        .setHealthCheckNodePort(traffic.healthCheckNodePort())
        .setDistribution(
            switch (traffic.distribution()) {
              case EVERYWHERE -> "";
              case SAME_ZONE -> "PreferSameZone";
              case SAME_NODE -> "PreferSameNode";
              case PROPORTIONAL -> "Auto";
            })
        .setLoadBalancerClass(balancer.loadBalancerClass())
        .setLoadBalancerWish(wish == null ? "" : wish.toString())
        .addAllLoadBalancerAddresses(texts(balancer.addresses()))
        .addAllLoadBalancerSourceRanges(texts(balancer.sourceRanges()));
  }

  private static Service.Traffic traffic(io.podwire.proto.v1.Service message) {
    String wish = message.getLoadBalancerWish();
    return new Service.Traffic(
        addresses(message.getExternalIpsList()),
        message.getAffinitySeconds(),
        message.getLocalInternally(),
        message.getLocalExternally(),
        message.getHealthCheckNodePort(),
        switch (message.getDistribution()) {
          case "PreferSameZone" -> Service.Distribution.SAME_ZONE;
          case "PreferSameNode" -> Service.Distribution.SAME_NODE;
          case "Auto" -> Service.Distribution.PROPORTIONAL;
          default -> Service.Distribution.EVERYWHERE;
        },
        new Service.LoadBalancer(
            message.getLoadBalancerClass(),
            wish.isEmpty() ? null : IpAddress.parse(wish),
            addresses(message.getLoadBalancerAddressesList()),
            cidrs(message.getLoadBalancerSourceRangesList())));
  }

  static Service fromMessage(io.podwire.proto.v1.Service message) {
    return new Service(
        new ObjectName(message.getNamespace(), message.getName()),
        switch (message.getType()) {
          case "NodePort" -> Service.Type.NODE_PORT;
          case "LoadBalancer" -> Service.Type.LOAD_BALANCER;
          case "ExternalName" -> Service.Type.EXTERNAL_NAME;
          default -> Service.Type.CLUSTER_IP;
        },
        message.getHeadless(),
        addresses(message.getClusterIpsList()),
        message.getPortsList().stream()
            .map(port ->
                new Service.Port(
                    port.getName(),
                    Protocol.valueOf(port.getProtocol()),
                    port.getPort(),
                    PodMessages.fromMessage(port.getTargetPort()),
                    port.getNodePort()))
            .toList(),
        message.getSelectorMap(),
        message.getExternalName(),
        message.getPublishNotReadyAddresses(),
        traffic(message),
        message.getFamiliesList().stream()
            .map(text -> text.equals("IPv4") ? Service.Family.IPV4 : Service.Family.IPV6)
            .toList(),
        message.getLabelsMap());
  }

  static io.podwire.proto.v1.EndpointSlice toMessage(EndpointSlice slice) {
    io.podwire.proto.v1.EndpointSlice.Builder message =
        io.podwire.proto.v1.EndpointSlice.newBuilder()
            .setNamespace(slice.key().namespace())
            .setName(slice.key().name())
            .setServiceName(slice.serviceName());
    for (EndpointSlice.Port port : slice.ports()) {
      message.addPorts(
          EndpointPort.newBuilder()
              .setName(port.name())
              .setProtocol(port.protocol().name())
              .setPort(port.port()));
    }
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      message.addEndpoints(
          Endpoint.newBuilder()
              .addAllAddresses(texts(endpoint.addresses()))
              .setReady(endpoint.ready())
              .setServing(endpoint.serving())
              .setTerminating(endpoint.terminating())
              .setHostname(orEmpty(endpoint.hostname()))
              .setNodeName(orEmpty(endpoint.nodeName()))
              .setPodName(orEmpty(endpoint.podName()))
              .setZone(endpoint.topology().zone())
              .addAllForZones(endpoint.topology().forZones())
              .addAllForNodes(endpoint.topology().forNodes()));
    }
    return message.build();
  }

  static EndpointSlice fromMessage(io.podwire.proto.v1.EndpointSlice message) {
    return new EndpointSlice(
        new ObjectName(message.getNamespace(), message.getName()),
        message.getServiceName(),
        message.getPortsList().stream()
            .map(port ->
                new EndpointSlice.Port(
                    port.getName(), Protocol.valueOf(port.getProtocol()), port.getPort()))
            .toList(),
        message.getEndpointsList().stream().map(ServiceMessages::endpoint).toList());
  }

  private static EndpointSlice.Endpoint endpoint(Endpoint message) {
    return new EndpointSlice.Endpoint(
        addresses(message.getAddressesList()),
        message.getReady(),
        message.getServing(),
        message.getTerminating(),
        orNull(message.getHostname()),
        orNull(message.getNodeName()),
        orNull(message.getPodName()),
        new EndpointSlice.Topology(
            message.getZone(),
            Set.copyOf(message.getForZonesList()),
            Set.copyOf(message.getForNodesList())));
  }
}
