package io.podwire.proto;

import static io.podwire.proto.ProtoTranslator.addresses;
import static io.podwire.proto.ProtoTranslator.texts;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodResolution;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PodSpec.RestartPolicy;
import io.podwire.cluster.model.PodStatus;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.cluster.model.Protocol;
import io.podwire.packet.addr.IpAddress;
import io.podwire.proto.v1.ContainerPort;
import io.podwire.proto.v1.ContainerStatus;
import io.podwire.proto.v1.ExecAction;
import io.podwire.proto.v1.HostAlias;
import io.podwire.proto.v1.HttpGet;
import io.podwire.proto.v1.TcpSocket;
import org.jspecify.annotations.Nullable;

/** Pods, their programs and their reports. */
final class PodMessages {

  private PodMessages() {}

  static io.podwire.proto.v1.Pod toMessage(Pod pod) {
    return io.podwire.proto.v1.Pod.newBuilder()
        .setNamespace(pod.key().namespace())
        .setName(pod.key().name())
        .setUid(pod.uid())
        .putAllLabels(pod.labels())
        .setNodeName(orEmpty(pod.nodeName()))
        .setSpec(toMessage(pod.spec()))
        .setPhase(pod.phase().text())
        .addAllPodIps(texts(pod.podIps()))
        .setReady(pod.ready())
        .setTerminating(pod.terminating())
        .setGracePeriodSeconds(pod.gracePeriodSeconds())
        .build();
  }

  static Pod fromMessage(io.podwire.proto.v1.Pod message) {
    return new Pod(
        new ObjectName(message.getNamespace(), message.getName()),
        message.getUid(),
        message.getLabelsMap(),
        orNull(message.getNodeName()),
        fromMessage(message.getSpec()),
        PodPhase.of(message.getPhase()),
        addresses(message.getPodIpsList()),
        message.getReady(),
        message.getTerminating(),
        message.getGracePeriodSeconds());
  }

  static io.podwire.proto.v1.PodStatus toMessage(PodStatus status) {
    io.podwire.proto.v1.PodStatus.Builder message =
        io.podwire.proto.v1.PodStatus.newBuilder()
            .setNamespace(status.key().namespace())
            .setName(status.key().name())
            .setUid(status.uid())
            .setPhase(status.phase().text())
            .addAllPodIps(texts(status.podIps()))
            .setReady(status.ready())
            .setReason(status.reason())
            .setMessage(status.message())
            .setGone(status.gone());
    for (PodStatus.ContainerStatus container : status.containers()) {
      message.addContainers(
          ContainerStatus.newBuilder()
              .setName(container.name())
              .setRunning(container.running())
              .setReady(container.ready())
              .setRestartCount(container.restartCount())
              .setExitCode(container.exitCode())
              .setReason(container.reason()));
    }
    return message.build();
  }

  static PodStatus fromMessage(io.podwire.proto.v1.PodStatus message) {
    return new PodStatus(
        new ObjectName(message.getNamespace(), message.getName()),
        message.getUid(),
        PodPhase.of(message.getPhase()),
        addresses(message.getPodIpsList()),
        message.getReady(),
        message.getReason(),
        message.getMessage(),
        message.getContainersList().stream()
            .map(container ->
                new PodStatus.ContainerStatus(
                    container.getName(),
                    container.getRunning(),
                    container.getReady(),
                    container.getRestartCount(),
                    container.getExitCode(),
                    container.getReason()))
            .toList(),
        message.getGone());
  }

  private static io.podwire.proto.v1.PodSpec toMessage(PodSpec spec) {
    return io.podwire.proto.v1.PodSpec.newBuilder()
        .addAllContainers(spec.containers().stream().map(PodMessages::toMessage).toList())
        .setRestartPolicy(
            switch (spec.restartPolicy()) {
              case ALWAYS -> "Always";
              case ON_FAILURE -> "OnFailure";
              case NEVER -> "Never";
            })
        .putAllNodeSelector(spec.nodeSelector())
        .setHostname(orEmpty(spec.hostname()))
        .setSubdomain(orEmpty(spec.subdomain()))
        .setHostNetwork(spec.hostNetwork())
        .setResolution(toMessage(spec.resolution()))
        .build();
  }

  private static io.podwire.proto.v1.PodResolution toMessage(PodResolution resolution) {
    return io.podwire.proto.v1.PodResolution.newBuilder()
        .setDnsPolicy(resolution.policy().text())
        .addAllNameservers(texts(resolution.nameservers()))
        .addAllSearches(resolution.searches())
        .addAllOptions(resolution.options())
        .addAllHostAliases(
            resolution.hostAliases().stream()
                .map(alias ->
                    HostAlias.newBuilder()
                        .setAddress(alias.address().toString())
                        .addAllNames(alias.names())
                        .build())
                .toList())
        .setFullHostname(resolution.fullHostname())
        .build();
  }

  private static PodResolution fromMessage(io.podwire.proto.v1.PodResolution message) {
    return new PodResolution(
        PodResolution.DnsPolicy.of(message.getDnsPolicy()),
        addresses(message.getNameserversList()),
        message.getSearchesList(),
        message.getOptionsList(),
        message.getHostAliasesList().stream()
            .map(alias ->
                new PodResolution.HostAlias(
                    IpAddress.parse(alias.getAddress()), alias.getNamesList()))
            .toList(),
        message.getFullHostname());
  }

  private static PodSpec fromMessage(io.podwire.proto.v1.PodSpec message) {
    return new PodSpec(
        message.getContainersList().stream().map(PodMessages::fromMessage).toList(),
        switch (message.getRestartPolicy()) {
          case "OnFailure" -> RestartPolicy.ON_FAILURE;
          case "Never" -> RestartPolicy.NEVER;
          default -> RestartPolicy.ALWAYS;
        },
        message.getNodeSelectorMap(),
        orNull(message.getHostname()),
        orNull(message.getSubdomain()),
        message.getHostNetwork(),
        fromMessage(message.getResolution()));
  }

  private static io.podwire.proto.v1.Container toMessage(Container container) {
    io.podwire.proto.v1.Container.Builder message =
        io.podwire.proto.v1.Container.newBuilder()
            .setName(container.name())
            .setImage(container.image())
            .addAllCommand(container.command())
            .addAllArgs(container.args())
            .putAllEnv(container.env())
            .setWorkingDir(container.workingDir());
    for (Container.ContainerPort port : container.ports()) {
      message.addPorts(
          ContainerPort.newBuilder()
              .setName(port.name())
              .setPort(port.port())
              .setProtocol(port.protocol().name()));
    }
    Probe probe = container.readinessProbe();
    if (probe != null) {
      message.setReadinessProbe(toMessage(probe));
    }
    return message.build();
  }

  private static Container fromMessage(io.podwire.proto.v1.Container message) {
    return new Container(
        message.getName(),
        message.getImage(),
        message.getCommandList(),
        message.getArgsList(),
        message.getEnvMap(),
        message.getWorkingDir(),
        message.getPortsList().stream()
            .map(port ->
                new Container.ContainerPort(
                    port.getName(), port.getPort(), Protocol.valueOf(port.getProtocol())))
            .toList(),
        message.hasReadinessProbe() ? fromMessage(message.getReadinessProbe()) : null);
  }

  private static io.podwire.proto.v1.Probe toMessage(Probe probe) {
    io.podwire.proto.v1.Probe.Builder message =
        io.podwire.proto.v1.Probe.newBuilder()
            .setInitialDelaySeconds(probe.initialDelaySeconds())
            .setPeriodSeconds(probe.periodSeconds())
            .setTimeoutSeconds(probe.timeoutSeconds())
            .setSuccessThreshold(probe.successThreshold())
            .setFailureThreshold(probe.failureThreshold());
    if (probe.action() instanceof Probe.HttpGet get) {
      message.setHttpGet(
          HttpGet.newBuilder()
              .setScheme(get.scheme())
              .setHost(get.host())
              .setPort(toMessage(get.port()))
              .setPath(get.path()));
    } else if (probe.action() instanceof Probe.TcpSocket socket) {
      message.setTcpSocket(
          TcpSocket.newBuilder().setHost(socket.host()).setPort(toMessage(socket.port())));
    } else if (probe.action() instanceof Probe.Exec exec) {
      message.setExec(ExecAction.newBuilder().addAllCommand(exec.command()));
    }
    return message.build();
  }

  private static Probe fromMessage(io.podwire.proto.v1.Probe message) {
    return new Probe(
        switch (message.getActionCase()) {
          case HTTP_GET ->
              new Probe.HttpGet(
                  message.getHttpGet().getScheme(),
                  message.getHttpGet().getHost(),
                  fromMessage(message.getHttpGet().getPort()),
                  message.getHttpGet().getPath());
          case TCP_SOCKET ->
              new Probe.TcpSocket(
                  message.getTcpSocket().getHost(), fromMessage(message.getTcpSocket().getPort()));
          case EXEC -> new Probe.Exec(message.getExec().getCommandList());
          case ACTION_NOT_SET ->
              throw new IllegalArgumentException(
                  "a probe with an action that this version does not know");
        },
        message.getInitialDelaySeconds(),
        message.getPeriodSeconds(),
        message.getTimeoutSeconds(),
        message.getSuccessThreshold(),
        message.getFailureThreshold());
  }

  static io.podwire.proto.v1.PortRef toMessage(PortRef port) {
    io.podwire.proto.v1.PortRef.Builder message = io.podwire.proto.v1.PortRef.newBuilder();
    if (port instanceof PortRef.Number number) {
      message.setNumber(number.port());
    } else if (port instanceof PortRef.Named named) {
      message.setName(named.name());
    }
    return message.build();
  }

  static PortRef fromMessage(io.podwire.proto.v1.PortRef message) {
    return switch (message.getRefCase()) {
      case NUMBER -> new PortRef.Number(message.getNumber());
      case NAME -> new PortRef.Named(message.getName());
      case REF_NOT_SET -> throw new IllegalArgumentException("a port without number or name");
    };
  }

  static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
