package io.podwire.dns.boot;

import io.podwire.dns.plugin.Zones;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Corefile of a server that was given none, as its options want it. */
final class DefaultCorefile {
  private DefaultCorefile() {}

  /**
   * The text.
   *
   * @param follows whether there is a cluster to answer for
   * @param zone null for the one that the cluster says
   * @param upstreams none for those that the cluster names
   */
  static String text(
      List<InetSocketAddress> listen,
      boolean follows,
      @Nullable String zone,
      @Nullable Path hosts,
      List<InetSocketAddress> upstreams) {
    StringBuilder text = new StringBuilder("(answers) {\n    errors\n");
    if (hosts != null) {
      text.append("    hosts ").append(quoted(hosts.toString())).append(" . {\n");
      // Where nobody else can be asked, the file is all there is: resolvers are told so at once.
      // One that is REFUSED tries the other servers, and musl's waits for one that answers.
      boolean alone = !follows && upstreams.isEmpty();
      text.append("        ttl 5\n        ");
      text.append(alone ? "authoritative" : "fallthrough").append("\n    }\n");
    }
    String own = zone == null ? Zones.CLUSTER : zone;
    if (follows) {
      text.append("    kubernetes ").append(own).append(" in-addr.arpa ip6.arpa {\n");
      text.append("        pods insecure\n        ttl 5\n");
      text.append("        fallthrough in-addr.arpa ip6.arpa\n        own_ranges\n    }\n");
    }
    if (follows || !upstreams.isEmpty()) {
      text.append("    forward .");
      if (upstreams.isEmpty()) {
        text.append(' ').append(Zones.CLUSTER);
      }
      upstreams.forEach(each -> text.append(' ').append(written(each)));
      text.append(" {\n        max_concurrent 1000\n    }\n");
    }
    text.append("    loadbalance\n}\n");
    for (InetSocketAddress each : listen) {
      text.append(".:").append(each.getPort()).append(" {\n    bind ");
      text.append(each.getAddress().getHostAddress()).append("\n    import answers\n}\n");
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\\\"") + '"';
  }

  private static String written(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
