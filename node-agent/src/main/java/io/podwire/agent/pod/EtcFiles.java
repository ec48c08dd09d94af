package io.podwire.agent.pod;

import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/** The text of the files below /etc that a Pod has for itself, as kubelet writes them. */
final class EtcFiles {

  private static final int HOSTNAME_MAX = 63;

  private EtcFiles() {}

  /** dnsPolicy ClusterFirst. */
  static String resolvConf(String namespace, String zone, IpAddress dnsAddress) {
    return "search %1$s.svc.%2$s svc.%2$s %2$s\nnameserver %3$s\noptions ndots:5\n"
        .formatted(namespace, zone, dnsAddress);
  }

  /** With the Pod's full name in front where it has a subdomain. */
  static String hosts(
      IpAddress ip, String hostname, @Nullable String subdomain, String namespace, String zone) {
    String names =
        subdomain == null || subdomain.isEmpty()
            ? hostname
            : hostname + "." + subdomain + "." + namespace + ".svc." + zone + "\t" + hostname;
    return """
    # Kubernetes-managed hosts file.
    127.0.0.1\tlocalhost
    ::1\tlocalhost ip6-localhost ip6-loopback
    fe00::0\tip6-localnet
    fe00::0\tip6-mcastprefix
    fe00::1\tip6-allnodes
    fe00::2\tip6-allrouters
    """
        + ip
        + "\t"
        + names
        + "\n";
  }

  /** The manifest's host name, else the Pod's name cut to what a host name may hold. */
  static String hostname(@Nullable String wanted, String podName) {
    String name = wanted == null || wanted.isEmpty() ? podName : wanted;
    String cut = name.length() > HOSTNAME_MAX ? name.substring(0, HOSTNAME_MAX) : name;
    int end = cut.length();
    while (end > 0 && (cut.charAt(end - 1) == '-' || cut.charAt(end - 1) == '.')) {
      end--;
    }
    return cut.substring(0, end);
  }
}
