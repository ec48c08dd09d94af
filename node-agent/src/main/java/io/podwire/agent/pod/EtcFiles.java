package io.podwire.agent.pod;

import io.podwire.cluster.attach.PodNetwork;
import io.podwire.cluster.attach.ResolverConfig;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodResolution;
import io.podwire.cluster.model.PodResolution.DnsPolicy;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text of the files below /etc that a Pod has for itself, as kubelet writes them. Stateless.
 */
public final class EtcFiles {

  private static final int HOSTNAME_MAX = 63;

  /** What a kernel takes (gethostname(2)). */
  private static final int KERNEL_HOSTNAME_MAX = 64;

  private static final String NDOTS = "ndots:5";
  private static final String HOST_NETWORK_HEADER =
      "# Kubernetes-managed hosts file (host network).\n";

  private EtcFiles() {}

  /** dnsPolicy ClusterFirst. */
  public static ResolverConfig clusterFirst(String namespace, String zone, IpAddress dnsAddress) {
    return new ResolverConfig(
        List.of(dnsAddress),
        List.of(namespace + ".svc." + zone, "svc." + zone, zone),
        List.of(NDOTS));
  }

  /**
   * What a Pod's dnsPolicy and dnsConfig come to.
   *
   * @param ofNode what the node itself resolves with
   */
  static ResolverConfig resolver(
      Pod pod, String zone, IpAddress dnsAddress, ResolverConfig ofNode) {
    PodResolution wanted = pod.spec().resolution();
    ResolverConfig base =
        switch (wanted.policy()) {
          case CLUSTER_FIRST, CLUSTER_FIRST_WITH_HOST_NET ->
              usesNodes(pod) ? ofNode : clusterFirst(pod.key().namespace(), zone, dnsAddress);
          case DEFAULT -> ofNode;
          case NONE -> new ResolverConfig(List.of(), List.of(), List.of());
        };
    return base.with(wanted.nameservers(), wanted.searches(), wanted.options());
  }

  /** The cluster's DNS may need what such a Pod brings up, so it has to ask for it expressly. */
  private static boolean usesNodes(Pod pod) {
    return pod.spec().hostNetwork() && pod.spec().resolution().policy() == DnsPolicy.CLUSTER_FIRST;
  }

  /**
   * A Pod's hosts: its own name, in front of it the full one where it has a subdomain, and the
   * manifest's aliases.
   *
   * @param addresses the Pod's
   * @param ofNode the node's file, for a Pod on the node's network
   */
  static String hosts(Pod pod, List<IpAddress> addresses, String zone, String ofNode) {
    StringBuilder text = new StringBuilder();
    if (pod.spec().hostNetwork()) {
      text.append(HOST_NETWORK_HEADER).append(ofNode);
      if (!ofNode.isEmpty() && !ofNode.endsWith("\n")) {
        text.append('\n');
      }
    } else {
      text.append(PodNetwork.HOSTS_HEADER);
      String names = fullName(pod, zone).map(name -> name + "\t").orElse("") + hostname(pod);
      addresses.forEach(ip -> text.append(ip).append('\t').append(names).append('\n'));
    }
    List<PodResolution.HostAlias> aliases = pod.spec().resolution().hostAliases();
    if (!aliases.isEmpty()) {
      text.append("\n# Entries added by HostAliases.\n");
      aliases.forEach(
          alias -> text.append(new PodNetwork.HostEntry(alias.address(), alias.names()).text()));
    }
    return text.toString();
  }

  /** {@code hostname.subdomain.namespace.svc.zone} of a Pod with a subdomain. */
  private static Optional<String> fullName(Pod pod, String zone) {
    String subdomain = pod.spec().subdomain();
    return subdomain == null || subdomain.isEmpty()
        ? Optional.empty()
        : Optional.of(
            hostname(pod) + "." + subdomain + "." + pod.key().namespace() + ".svc." + zone);
  }

  /** What a Pod's kernel calls it: the host name, or the full name with setHostnameAsFQDN. */
  static String kernelHostname(Pod pod, String zone) {
    return pod.spec().resolution().fullHostname()
        ? fullName(pod, zone).orElseGet(() -> hostname(pod))
        : hostname(pod);
  }

  /** The text of /etc/hostname; fails where the name is longer than a kernel takes. */
  static String hostnameFile(Pod pod, String zone) {
    String name = kernelHostname(pod, zone);
    if (name.length() > KERNEL_HOSTNAME_MAX) {
      throw new IllegalStateException(
          "setHostnameAsFQDN: '"
              + name
              + "' is longer than the "
              + KERNEL_HOSTNAME_MAX
              + " characters that a kernel takes; shorten hostname or subdomain");
    }
    return name + "\n";
  }

  private static String hostname(Pod pod) {
    return hostname(pod.spec().hostname(), pod.key().name());
  }

  /** The manifest's host name, else the Pod's name cut to what a host name may hold. */
  public static String hostname(@Nullable String wanted, String podName) {
    String name = wanted == null || wanted.isEmpty() ? podName : wanted;
    String cut = name.length() > HOSTNAME_MAX ? name.substring(0, HOSTNAME_MAX) : name;
    int end = cut.length();
    while (end > 0 && (cut.charAt(end - 1) == '-' || cut.charAt(end - 1) == '.')) {
      end--;
    }
    return cut.substring(0, end);
  }
}
