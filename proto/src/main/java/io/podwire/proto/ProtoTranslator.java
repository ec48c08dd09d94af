package io.podwire.proto;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodStatus;
import io.podwire.cluster.model.ProxyChoice;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import io.podwire.proto.v1.Change;
import io.podwire.proto.v1.ObjectKind;
import io.podwire.proto.v1.Removal;
import io.podwire.proto.v1.Update;
import java.util.ArrayList;
import java.util.List;

/**
 * Translates between the model and the messages, both ways; the only place that does.
 *
 * <p>A message that is no valid object (an address that does not parse, an unset change) is an
 * {@link IllegalArgumentException}. Stateless and thread-safe.
 */
public final class ProtoTranslator {

  /** Changes of one {@link Update} message, in bytes; gRPC refuses messages above 4 MiB. */
  static final int MAX_MESSAGE_BYTES = 1 << 20;

  private ProtoTranslator() {}

  /**
   * The messages of a step, in the order in which they have to be sent: one, or several where the
   * step is large. {@link UpdateAssembler} puts them together again.
   */
  public static List<Update> toMessages(ClusterUpdate update) {
    List<Change> changes = new ArrayList<>();
    if (update instanceof ClusterUpdate.Snapshot snapshot) {
      for (ModelObject object : snapshot.objects()) {
        changes.add(toMessage(new ClusterUpdate.Upsert(object)));
      }
      return snapshotMessages(update.revision(), toMessage(snapshot.config()), changes);
    }
    for (ClusterUpdate.Change change : ((ClusterUpdate.Delta) update).changes()) {
      changes.add(toMessage(change));
    }
    return deltaMessages(update.revision(), changes);
  }

  /** As {@link #toMessages}, of objects that are messages already. */
  public static List<Update> snapshotMessages(
      long revision, io.podwire.proto.v1.ClusterConfig config, List<Change> objects) {
    return split(
        Update.newBuilder().setRevision(revision).setSnapshot(true).setConfig(config), objects);
  }

  /** As {@link #toMessages}, of changes that are messages already. */
  public static List<Update> deltaMessages(long revision, List<Change> changes) {
    return split(Update.newBuilder().setRevision(revision), changes);
  }

  private static List<Update> split(Update.Builder head, List<Change> changes) {
    List<Update> messages = new ArrayList<>();
    int bytes = 0;
    for (Change change : changes) {
      int size = change.getSerializedSize();
      if (bytes > 0 && bytes + size > MAX_MESSAGE_BYTES) {
        messages.add(head.build());
        head.clearChanges().clearConfig();
        bytes = 0;
      }
      head.addChanges(change);
      bytes += size;
    }
    messages.add(head.setComplete(true).build());
    return messages;
  }

  public static Change toMessage(ClusterUpdate.Change change) {
    Change.Builder message = Change.newBuilder();
    if (change instanceof ClusterUpdate.Upsert upsert) {
      ModelObject object = upsert.object();
      if (object instanceof Namespace namespace) {
        message.setNamespace(
            io.podwire.proto.v1.Namespace.newBuilder()
                .setName(namespace.name())
                .putAllLabels(namespace.labels()));
      } else if (object instanceof Node node) {
        message.setNode(toMessage(node));
      } else if (object instanceof Pod pod) {
        message.setPod(PodMessages.toMessage(pod));
      } else if (object instanceof Service service) {
        message.setService(ServiceMessages.toMessage(service));
      } else if (object instanceof EndpointSlice slice) {
        message.setEndpointSlice(ServiceMessages.toMessage(slice));
      } else if (object instanceof NetworkFault fault) {
        message.setNetworkFault(FaultMessages.toMessage(fault));
      }
    } else if (change instanceof ClusterUpdate.Removal removal) {
      message.setRemoval(
          Removal.newBuilder()
              .setKind(toMessage(removal.kind()))
              .setNamespace(removal.key().namespace())
              .setName(removal.key().name()));
    }
    return message.build();
  }

  public static ClusterUpdate.Change fromMessage(Change message) {
    return switch (message.getChangeCase()) {
      case NAMESPACE ->
          new ClusterUpdate.Upsert(
              new Namespace(
                  message.getNamespace().getName(), message.getNamespace().getLabelsMap()));
      case NODE -> new ClusterUpdate.Upsert(fromMessage(message.getNode()));
      case POD -> new ClusterUpdate.Upsert(PodMessages.fromMessage(message.getPod()));
      case SERVICE -> new ClusterUpdate.Upsert(ServiceMessages.fromMessage(message.getService()));
      case ENDPOINT_SLICE ->
          new ClusterUpdate.Upsert(ServiceMessages.fromMessage(message.getEndpointSlice()));
      case NETWORK_FAULT ->
          new ClusterUpdate.Upsert(FaultMessages.fromMessage(message.getNetworkFault()));
      case REMOVAL -> fromMessage(message.getRemoval());
      case CHANGE_NOT_SET ->
          throw new IllegalArgumentException("a change of a kind that this version does not know");
    };
  }

  private static ClusterUpdate.Removal fromMessage(Removal message) {
    return new ClusterUpdate.Removal(
        fromMessage(message.getKind()), new ObjectName(message.getNamespace(), message.getName()));
  }

  public static io.podwire.proto.v1.ClusterConfig toMessage(ClusterConfig config) {
    return io.podwire.proto.v1.ClusterConfig.newBuilder()
        .addAllPodCidrs(texts(config.podCidrs()))
        .addAllServiceCidrs(texts(config.serviceCidrs()))
        .setNodeCidr(config.nodeCidr().toString())
        .setNodePrefixLength(config.nodePrefixLength())
        .setZone(config.zone())
        .setDnsAddress(config.dnsAddress().toString())
        .setVni(config.vni().value())
        .addAllUpstreams(config.upstreams())
        .addAllLoadBalancerCidrs(texts(config.loadBalancerCidrs()))
        .setProxy(config.proxy().toString())
        .build();
  }

  public static ClusterConfig fromMessage(io.podwire.proto.v1.ClusterConfig message) {
    return new ClusterConfig(
        cidrs(message.getPodCidrsList()),
        cidrs(message.getServiceCidrsList()),
        Cidr.parse(message.getNodeCidr()),
        message.getNodePrefixLength(),
        message.getZone(),
        IpAddress.parse(message.getDnsAddress()),
        new Vni(message.getVni()),
        message.getUpstreamsList(),
        cidrs(message.getLoadBalancerCidrsList()),
        message.getProxy().isEmpty() ? ProxyChoice.DEFAULT : ProxyChoice.parse(message.getProxy()));
  }

  public static io.podwire.proto.v1.PodStatus toMessage(PodStatus status) {
    return PodMessages.toMessage(status);
  }

  public static io.podwire.proto.v1.Pod toMessage(Pod pod) {
    return PodMessages.toMessage(pod);
  }

  public static Pod fromMessage(io.podwire.proto.v1.Pod message) {
    return PodMessages.fromMessage(message);
  }

  public static PodStatus fromMessage(io.podwire.proto.v1.PodStatus message) {
    return PodMessages.fromMessage(message);
  }

  public static io.podwire.proto.v1.FaultReport toMessage(FaultReport report) {
    return FaultMessages.toMessage(report);
  }

  public static FaultReport fromMessage(io.podwire.proto.v1.FaultReport message) {
    return FaultMessages.fromMessage(message);
  }

  private static io.podwire.proto.v1.Node toMessage(Node node) {
    IpAddress address = node.address();
    MacAddress mac = node.vtepMac();
    ProxyChoice proxy = node.proxy();
    return io.podwire.proto.v1.Node.newBuilder()
        .setName(node.name())
        .setAddress(address == null ? "" : address.toString())
        .setVtepMac(mac == null ? "" : mac.toString())
        .setVxlanPort(node.vxlanPort())
        .setAgentPort(node.agentPort())
        .addAllPodCidrs(texts(node.podCidrs()))
        .setReady(node.ready())
        .setUnschedulable(node.unschedulable())
        .putAllLabels(node.labels())
        .setProxy(proxy == null ? "" : proxy.toString())
        .build();
  }

  private static Node fromMessage(io.podwire.proto.v1.Node message) {
    String address = message.getAddress();
    String mac = message.getVtepMac();
    return new Node(
        message.getName(),
        address.isEmpty() ? null : IpAddress.parse(address),
        mac.isEmpty() ? null : MacAddress.parse(mac),
        message.getVxlanPort(),
        message.getAgentPort(),
        cidrs(message.getPodCidrsList()),
        message.getReady(),
        message.getUnschedulable(),
        message.getLabelsMap(),
        message.getProxy().isEmpty() ? null : ProxyChoice.parse(message.getProxy()));
  }

  private static ObjectKind toMessage(ModelKind kind) {
    return switch (kind) {
      case NAMESPACE -> ObjectKind.OBJECT_KIND_NAMESPACE;
      case NODE -> ObjectKind.OBJECT_KIND_NODE;
      case POD -> ObjectKind.OBJECT_KIND_POD;
      case SERVICE -> ObjectKind.OBJECT_KIND_SERVICE;
      case ENDPOINT_SLICE -> ObjectKind.OBJECT_KIND_ENDPOINT_SLICE;
      case NETWORK_FAULT -> ObjectKind.OBJECT_KIND_NETWORK_FAULT;
    };
  }

  private static ModelKind fromMessage(ObjectKind kind) {
    return switch (kind) {
      case OBJECT_KIND_NAMESPACE -> ModelKind.NAMESPACE;
      case OBJECT_KIND_NODE -> ModelKind.NODE;
      case OBJECT_KIND_POD -> ModelKind.POD;
      case OBJECT_KIND_SERVICE -> ModelKind.SERVICE;
      case OBJECT_KIND_ENDPOINT_SLICE -> ModelKind.ENDPOINT_SLICE;
      case OBJECT_KIND_NETWORK_FAULT -> ModelKind.NETWORK_FAULT;
      case OBJECT_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("a removal of a kind that this version does not know");
    };
  }

  static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  static List<IpAddress> addresses(List<String> texts) {
    return texts.stream().map(IpAddress::parse).toList();
  }

  static List<Cidr> cidrs(List<String> texts) {
    return texts.stream().map(Cidr::parse).toList();
  }
}
