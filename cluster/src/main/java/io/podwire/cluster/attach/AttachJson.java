package io.podwire.cluster.attach;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The messages as JSON objects of one line each; fields that are not known are passed over.
 *
 * <p>Reading throws an {@link IllegalArgumentException} that names the field. Thread-safe.
 */
public final class AttachJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private AttachJson() {}

  public static String write(AttachRequest request) {
    ObjectNode node = JSON.createObjectNode();
    if (request instanceof AttachRequest.Attach attach) {
      node.put("op", "attach");
      PodDescriptionJson.write(attach.pod(), node);
      if (!attach.uid().isEmpty()) {
        node.put("uid", attach.uid());
      }
      KeptInterface kept = attach.kept();
      if (kept != null) {
        node.set("keep", write(kept));
      }
    } else if (request instanceof AttachRequest.Detach detach) {
      node.put("op", "detach");
      if (!detach.id().isEmpty()) {
        node.put("id", detach.id());
      }
    } else {
      node.put("op", request instanceof AttachRequest.Ping ? "ping" : "list");
    }
    return node.toString();
  }

  public static AttachRequest readRequest(String line) {
    JsonNode node = parse(line);
    String op = text(node, "op");
    return switch (op) {
      case "attach" ->
          new AttachRequest.Attach(
              PodDescriptionJson.read(node),
              optional(node, "uid"),
              node.hasNonNull("keep") ? readKept(node.get("keep")) : null);
      case "detach" -> new AttachRequest.Detach(optional(node, "id"));
      case "list" -> new AttachRequest.ListKept();
      case "ping" -> new AttachRequest.Ping();
      default ->
          throw new IllegalArgumentException(
              "op: '" + op + "' is unknown; write attach, detach, list or ping");
    };
  }

  /** A description by itself, such that equal ones have equal texts. */
  public static String write(PodDescription pod) {
    ObjectNode node = JSON.createObjectNode();
    PodDescriptionJson.write(pod, node);
    return node.toString();
  }

  public static String write(AttachReply reply) {
    ObjectNode node = JSON.createObjectNode();
    if (reply instanceof AttachReply.Attached attached) {
      write(attached.network(), node.putObject("attached"));
    } else if (reply instanceof AttachReply.Done) {
      node.putObject("done");
    } else if (reply instanceof AttachReply.Pong pong) {
      node.putObject("pong").put("node", pong.node());
    } else if (reply instanceof AttachReply.Kept kept) {
      ArrayNode pods = node.putArray("kept");
      for (KeptPod pod : kept.pods()) {
        pods.add(
            write(pod.kept())
                .put("namespace", pod.pod().namespace())
                .put("name", pod.pod().name())
                .put("address", pod.address().toString()));
      }
    } else if (reply instanceof AttachReply.Refused refused) {
      node.putObject("refused")
          .put("reason", refused.reason().text())
          .put("message", refused.message());
    } else if (reply instanceof AttachReply.Ended ended) {
      node.putObject("ended").put("why", ended.why());
    }
    return node.toString();
  }

  public static AttachReply readReply(String line) {
    JsonNode node = parse(line);
    if (node.has("attached")) {
      return new AttachReply.Attached(readNetwork(node.get("attached")));
    }
    if (node.has("done")) {
      return new AttachReply.Done();
    }
    if (node.has("pong")) {
      return new AttachReply.Pong(text(node.get("pong"), "node"));
    }
    if (node.has("kept")) {
      return new AttachReply.Kept(list(node, "kept", AttachJson::readKeptPod));
    }
    if (node.has("refused")) {
      return new AttachReply.Refused(
          AttachReply.Reason.of(text(node.get("refused"), "reason")),
          text(node.get("refused"), "message"));
    }
    if (node.has("ended")) {
      return new AttachReply.Ended(text(node.get("ended"), "why"));
    }
    throw new IllegalArgumentException("an answer of an unknown kind: " + line);
  }

  private static ObjectNode write(KeptInterface kept) {
    return JSON.createObjectNode()
        .put("id", kept.id())
        .put("netns", kept.netns())
        .put("interface", kept.interfaceName());
  }

  private static KeptInterface readKept(JsonNode node) {
    return new KeptInterface(text(node, "id"), text(node, "netns"), text(node, "interface"));
  }

  private static KeptPod readKeptPod(JsonNode node) {
    return new KeptPod(
        readKept(node),
        new ObjectName(text(node, "namespace"), text(node, "name")),
        IpAddress.parse(text(node, "address")));
  }

  private static void write(PodNetwork network, ObjectNode node) {
    node.put("node", network.node()).put("uid", network.uid());
    node.put("address", network.address() + "/" + network.prefixLength());
    node.put("gateway", network.gateway().toString());
    if (!network.further().isEmpty()) {
      ArrayNode further = node.putArray("further");
      network
          .further()
          .forEach(each ->
              further
                  .addObject()
                  .put("address", each.address() + "/" + each.prefixLength())
                  .put("gateway", each.gateway().toString()));
    }
    ArrayNode routes = node.putArray("routes");
    network
        .routes()
        .forEach(route ->
            routes
                .addObject()
                .put("destination", route.destination().toString())
                .put("via", route.via().toString()));
    node.put("mtu", network.mtu()).put("segmentationLimit", network.segmentationLimit());
    node.put("mac", network.mac().toString());
    ObjectNode dns = node.putObject("dns");
    ArrayNode nameservers = dns.putArray("nameservers");
    network.resolver().nameservers().forEach(each -> nameservers.add(each.toString()));
    ArrayNode search = dns.putArray("search");
    network.resolver().search().forEach(search::add);
    dns.put("ndots", network.resolver().ndots());
    ArrayNode hosts = node.putArray("hosts");
    for (PodNetwork.HostEntry host : network.hosts()) {
      ObjectNode entry = hosts.addObject().put("address", host.address().toString());
      ArrayNode names = entry.putArray("names");
      host.names().forEach(names::add);
    }
  }

  private static PodNetwork readNetwork(JsonNode node) {
    String address = text(node, "address");
    int slash = address.indexOf('/');
    JsonNode dns = node.path("dns");
    return new PodNetwork(
        text(node, "node"),
        text(node, "uid"),
        IpAddress.parse(address.substring(0, Math.max(0, slash))),
        Integer.parseInt(address.substring(slash + 1)),
        IpAddress.parse(text(node, "gateway")),
        list(
            node,
            "routes",
            route ->
                new PodNetwork.RouteEntry(
                    Cidr.parse(text(route, "destination")), IpAddress.parse(text(route, "via")))),
        number(node, "mtu"),
        number(node, "segmentationLimit"),
        MacAddress.parse(text(node, "mac")),
        new PodNetwork.Resolver(
            list(dns, "nameservers", each -> IpAddress.parse(each.asText())),
            list(dns, "search", JsonNode::asText),
            number(dns, "ndots")),
        list(
            node,
            "hosts",
            host ->
                new PodNetwork.HostEntry(
                    IpAddress.parse(text(host, "address")), list(host, "names", JsonNode::asText))),
        list(node, "further", AttachJson::readFurther));
  }

  private static PodNetwork.FurtherAddress readFurther(JsonNode node) {
    String address = text(node, "address");
    int slash = address.indexOf('/');
    return new PodNetwork.FurtherAddress(
        IpAddress.parse(address.substring(0, Math.max(0, slash))),
        Integer.parseInt(address.substring(slash + 1)),
        IpAddress.parse(text(node, "gateway")));
  }

  private static JsonNode parse(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw new IllegalArgumentException(field + ": missing; write a text");
    }
    return value.asText();
  }

  static String optional(JsonNode node, String field) {
    return node.hasNonNull(field) ? text(node, field) : "";
  }

  static int number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isInt()) {
      throw new IllegalArgumentException(field + ": missing; write a number");
    }
    return value.asInt();
  }

  static <T> List<T> list(JsonNode node, String field, Function<JsonNode, T> element) {
    List<T> list = new ArrayList<>();
    if (node.hasNonNull(field) && !node.get(field).isArray()) {
      throw new IllegalArgumentException(field + ": not a list");
    }
    node.path(field).forEach(each -> list.add(element.apply(each)));
    return list;
  }
}
