package io.podwire.controlplane.kind;

import static io.podwire.controlplane.kind.ModelReader.or;
import static io.podwire.controlplane.kind.ModelReader.orEmpty;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodIP;
import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodResolution;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.Probe;
import io.podwire.packet.addr.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Pod's manifest as a record. */
final class PodReader {

  /** Seconds between SIGTERM and SIGKILL where the manifest does not say. */
  static final int DEFAULT_GRACE_PERIOD = 30;

  private PodReader() {}

  static Pod read(io.fabric8.kubernetes.api.model.Pod pod) {
    var metadata = pod.getMetadata();
    var spec = or(pod.getSpec(), new io.fabric8.kubernetes.api.model.PodSpec());
    var status = or(pod.getStatus(), new io.fabric8.kubernetes.api.model.PodStatus());
    boolean terminating = metadata.getDeletionTimestamp() != null;
    Long grace =
        terminating && metadata.getDeletionGracePeriodSeconds() != null
            ? metadata.getDeletionGracePeriodSeconds()
            : spec.getTerminationGracePeriodSeconds();
    return new Pod(
        ModelReader.name(metadata),
        or(metadata.getUid(), ""),
        orEmpty(metadata.getLabels()),
        blankToNull(spec.getNodeName()),
        spec(spec),
        PodPhase.of(or(status.getPhase(), "Pending")),
        ModelReader.addresses(podIps(status)),
        isTrue(status.getConditions(), "Ready"),
        terminating,
        grace == null ? DEFAULT_GRACE_PERIOD : Math.toIntExact(Math.min(grace, Integer.MAX_VALUE)));
  }

  private static PodSpec spec(io.fabric8.kubernetes.api.model.PodSpec spec) {
    return new PodSpec(
        spec.getContainers().stream().map(PodReader::container).toList(),
        switch (or(spec.getRestartPolicy(), "Always")) {
          case "OnFailure" -> PodSpec.RestartPolicy.ON_FAILURE;
          case "Never" -> PodSpec.RestartPolicy.NEVER;
          default -> PodSpec.RestartPolicy.ALWAYS;
        },
        orEmpty(spec.getNodeSelector()),
        blankToNull(spec.getHostname()),
        blankToNull(spec.getSubdomain()),
        Boolean.TRUE.equals(spec.getHostNetwork()),
        resolution(spec));
  }

  private static PodResolution resolution(io.fabric8.kubernetes.api.model.PodSpec spec) {
    PodDNSConfig config = or(spec.getDnsConfig(), new PodDNSConfig());
    return new PodResolution(
        PodResolution.DnsPolicy.of(or(spec.getDnsPolicy(), "")),
        ModelReader.addresses(config.getNameservers()),
        config.getSearches(),
        config.getOptions().stream()
            .map(option ->
                option.getName() + (option.getValue() == null ? "" : ":" + option.getValue()))
            .toList(),
        spec.getHostAliases().stream()
            .flatMap(alias ->
                IpAddress.tryParse(alias.getIp()).stream()
                    .map(ip -> new PodResolution.HostAlias(ip, alias.getHostnames())))
            .toList(),
        Boolean.TRUE.equals(spec.getSetHostnameAsFQDN()));
  }

  private static Container container(io.fabric8.kubernetes.api.model.Container container) {
    Map<String, String> env = new LinkedHashMap<>();
    for (EnvVar variable : container.getEnv()) {
      env.put(variable.getName(), or(variable.getValue(), ""));
    }
    return new Container(
        container.getName(),
        or(container.getImage(), ""),
        container.getCommand(),
        container.getArgs(),
        env,
        or(container.getWorkingDir(), ""),
        container.getPorts().stream()
            .map(port ->
                new Container.ContainerPort(
                    or(port.getName(), ""),
                    or(port.getContainerPort(), 0),
                    ModelReader.protocol(port.getProtocol())))
            .toList(),
        probe(container.getReadinessProbe()));
  }

  private static @Nullable Probe probe(io.fabric8.kubernetes.api.model.@Nullable Probe probe) {
    Probe.Action action = probe == null ? null : action(probe);
    if (probe == null || action == null) {
      return null;
    }
    return new Probe(
        action,
        or(probe.getInitialDelaySeconds(), 0),
        positive(probe.getPeriodSeconds(), 10),
        positive(probe.getTimeoutSeconds(), 1),
        positive(probe.getSuccessThreshold(), 1),
        positive(probe.getFailureThreshold(), 3));
  }

  private static Probe.@Nullable Action action(io.fabric8.kubernetes.api.model.Probe probe) {
    var get = probe.getHttpGet();
    if (get != null) {
      return new Probe.HttpGet(
          or(get.getScheme(), "HTTP"),
          or(get.getHost(), ""),
          ModelReader.portRef(get.getPort()),
          or(get.getPath(), "/"));
    }
    var socket = probe.getTcpSocket();
    if (socket != null) {
      return new Probe.TcpSocket(or(socket.getHost(), ""), ModelReader.portRef(socket.getPort()));
    }
    var exec = probe.getExec();
    return exec == null ? null : new Probe.Exec(exec.getCommand());
  }

  private static List<String> podIps(io.fabric8.kubernetes.api.model.PodStatus status) {
    if (status.getPodIPs().isEmpty() && status.getPodIP() != null) {
      return List.of(status.getPodIP());
    }
    return status.getPodIPs().stream().map(PodIP::getIp).toList();
  }

  private static boolean isTrue(List<PodCondition> conditions, String type) {
    return conditions.stream()
        .anyMatch(c -> type.equals(c.getType()) && "True".equals(c.getStatus()));
  }

  /** Zero in a manifest means the default, as in Kubernetes. */
  private static int positive(@Nullable Integer value, int fallback) {
    return value == null || value == 0 ? fallback : value;
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
