package io.podwire.sandbox.cni;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.attach.PodNetwork;
import io.podwire.packet.addr.IpAddress;

/** What is written to standard output (CNI specification, section 5). Stateless. */
final class CniResult {

  private static final ObjectMapper JSON = new ObjectMapper();

  private CniResult() {}

  static String added(CniCall call, NetworkConfig config, PodNetwork network) {
    ObjectNode result = JSON.createObjectNode().put("cniVersion", config.cniVersion());
    ObjectNode link =
        result
            .putArray("interfaces")
            .addObject()
            .put("name", call.interfaceName())
            .put("mac", network.mac().toString())
            .put("sandbox", call.netns());
    if (config.showsMtu()) {
      link.put("mtu", network.mtu());
    }
    ArrayNode ips = result.putArray("ips");
    add(ips, config, network.address(), network.prefixLength(), network.gateway());
    network
        .further()
        .forEach(each -> add(ips, config, each.address(), each.prefixLength(), each.gateway()));
    ArrayNode routes = result.putArray("routes");
    network
        .routes()
        .forEach(route ->
            routes
                .addObject()
                .put("dst", route.destination().toString())
                .put("gw", route.via().toString()));
    ObjectNode dns = result.putObject("dns");
    ArrayNode nameservers = dns.putArray("nameservers");
    network.resolver().nameservers().forEach(each -> nameservers.add(each.toString()));
    ArrayNode search = dns.putArray("search");
    network.resolver().search().forEach(search::add);
    dns.putArray("options").add("ndots:" + network.resolver().ndots());
    return result.toString();
  }

  private static void add(
      ArrayNode ips, NetworkConfig config, IpAddress address, int prefixLength, IpAddress gateway) {
    ObjectNode ip =
        ips.addObject()
            .put("address", address + "/" + prefixLength)
            .put("gateway", gateway.toString())
            .put("interface", 0);
    if (config.showsFamily()) {
      ip.put("version", address.isIpv4() ? "4" : "6");
    }
  }

  static String versions() {
    ObjectNode result =
        JSON.createObjectNode()
            .put("cniVersion", NetworkConfig.VERSIONS.get(NetworkConfig.VERSIONS.size() - 1));
    ArrayNode versions = result.putArray("supportedVersions");
    NetworkConfig.VERSIONS.forEach(versions::add);
    return result.toString();
  }

  static String error(CniException error) {
    return JSON.createObjectNode()
        .put("cniVersion", NetworkConfig.VERSIONS.get(NetworkConfig.VERSIONS.size() - 1))
        .put("code", error.code())
        .put("msg", error.getMessage())
        .put("details", error.details())
        .toString();
  }
}
