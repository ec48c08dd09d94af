package io.podwire.agent.pod;

import io.podwire.cluster.attach.PodNetwork;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of the files below /etc that a Pod has for itself, as kubelet writes them. Stateless.
 */
public final class EtcFiles {

  private static final int HOSTNAME_MAX = 63;
  private static final int NDOTS = 5;

  private EtcFiles() {}

  /** dnsPolicy ClusterFirst. */
  public static PodNetwork.Resolver resolver(String namespace, String zone, IpAddress dnsAddress) {
    return new PodNetwork.Resolver(
        List.of(dnsAddress), List.of(namespace + ".svc." + zone, "svc." + zone, zone), NDOTS);
  }

  static String resolvConf(String namespace, String zone, IpAddress dnsAddress) {
    return resolver(namespace, zone, dnsAddress).text();
  }

  /** With the Pod's full name in front where it has a subdomain. */
  static String hosts(
      List<IpAddress> addresses,
      String hostname,
      @Nullable String subdomain,
      String namespace,
      String zone) {
    String names =
        subdomain == null || subdomain.isEmpty()
            ? hostname
            : hostname + "." + subdomain + "." + namespace + ".svc." + zone + "\t" + hostname;
    StringBuilder text = new StringBuilder(PodNetwork.HOSTS_HEADER);
    addresses.forEach(ip -> text.append(ip).append('\t').append(names).append('\n'));
    return text.toString();
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
