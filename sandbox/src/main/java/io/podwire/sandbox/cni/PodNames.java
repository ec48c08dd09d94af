package io.podwire.sandbox.cni;

import io.podwire.cluster.model.ObjectName;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** The Pod that a container is to be. Stateless. */
final class PodNames {

  private static final int MOST = 50;
  private static final String FIRST_INTERFACE = "eth0";

  private PodNames() {}

  /** As the runtime says in Kubernetes' arguments; else made of the container's id. */
  static ObjectName of(CniCall call, NetworkConfig config) {
    String namespace = call.arguments().getOrDefault("K8S_POD_NAMESPACE", config.namespace());
    String given = call.arguments().getOrDefault("K8S_POD_NAME", "");
    String name = given.isEmpty() ? "cni-" + plain(call.containerId()) : given;
    boolean first = call.interfaceName().equals(FIRST_INTERFACE);
    return new ObjectName(namespace, first ? name : name + "-" + plain(call.interfaceName()));
  }

  /** How the agent is told which interface is meant. */
  static String id(CniCall call, NetworkConfig config) {
    return config.name() + "/" + call.containerId() + "/" + call.interfaceName();
  }

  /** A part of a DNS label; different texts stay different. */
  private static String plain(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
    if (plain.equals(text) && text.length() <= MOST) {
      return text;
    }
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    String start = plain.length() > MOST ? plain.substring(0, MOST) : plain;
    return start + "-" + Long.toHexString(sum.getValue());
  }
}
