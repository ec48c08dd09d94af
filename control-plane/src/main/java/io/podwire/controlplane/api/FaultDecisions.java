package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.FaultReader;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ModelReader;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.Decision;
import io.podwire.proto.v1.DecisionsReply;
import io.podwire.proto.v1.DecisionsRequest;
import io.podwire.proto.v1.LinkDecisions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What a fault has decided of single packets, from the agents that act: for each link and direction
 * how many decisions there were, the hash over all of them, and the last of them.
 */
final class FaultDecisions {

  private static final long DEFAULT_LAST = 100;

  /** An agent keeps so many of each link and direction. */
  private static final long MOST = 1024;

  private static final int ANSWER_SECONDS = 5;

  private final Store store;
  private final AgentChannels agents;

  FaultDecisions(Store store, AgentChannels agents) {
    this.store = store;
    this.agents = agents;
  }

  void addTo(Router router) {
    for (Kind kind : FaultReader.kinds()) {
      String object =
          "/apis/" + kind.apiVersion() + "/namespaces/{namespace}/" + kind.plural() + "/{name}";
      router.add(
          "GET",
          object + "/decisions",
          (request, exchange) -> exchange.json(200, decisions(kind, request)));
    }
  }

  private ObjectNode decisions(Kind kind, Request request) throws InterruptedException {
    ResourceKey key = kind.key(request.parameter("namespace"), request.parameter("name"));
    if (!ObjectChecks.isAddressable(kind, key)) {
      throw ApiException.notFound(kind, key.name());
    }
    JsonNode fault =
        store
            .get(key)
            .map(ManifestJson::read)
            .orElseThrow(() -> ApiException.notFound(kind, key.name()));
    ObjectName name = NetworkFault.key(kind.name(), key.namespace(), key.name());
    DecisionsRequest call =
        DecisionsRequest.newBuilder()
            .setNamespace(name.namespace())
            .setFault(name.name())
            .setLast((int) Math.min(request.number("last", DEFAULT_LAST), MOST))
            .build();
    ObjectNode answer = ManifestJson.object();
    answer.put("fault", name.toString());
    ArrayNode links = answer.putArray("links");
    for (String node : nodes(fault.path("status"))) {
      Optional<StoredObject> stored = store.get(KindTable.NODE.key("", node));
      if (stored.isPresent()) {
        add(links, ModelReader.node(stored.get()), call);
      }
    }
    return answer;
  }

  /** Those that act, and those that have. */
  private static Set<String> nodes(JsonNode status) {
    Set<String> nodes = new TreeSet<>();
    status.path("links").forEach(link -> nodes.add(link.path("node").asText()));
    status.path("receipts").forEach(receipt -> nodes.add(receipt.path("reporter").asText()));
    nodes.remove("");
    return nodes;
  }

  private void add(ArrayNode links, Node node, DecisionsRequest call) throws InterruptedException {
    DecisionsReply reply;
    try {
      reply =
          AgentAccessGrpc.newBlockingStub(agents.connect(node))
              .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
              .decisions(call);
    } catch (StatusRuntimeException e) {
      throw AgentChannels.failure(node, e);
    }
    for (LinkDecisions link : reply.getLinksList()) {
      ObjectNode entry = links.addObject();
      entry.put("node", node.name()).put("link", link.getLink());
      entry.put("direction", link.getDirection());
      entry.put("decisions", link.getCount());
      entry.put("decisionHash", HexFormat.of().toHexDigits(link.getHash()));
      ArrayNode last = entry.putArray("last");
      link.getDecisionsList().forEach(decision -> last.add(text(decision)));
    }
  }

  private static ObjectNode text(Decision decision) {
    ObjectNode text = ManifestJson.object().put("index", decision.getIndex());
    if (!decision.getLost().isEmpty()) {
      text.put("lost", decision.getLost());
    }
    put(text, "marked", decision.getMarked());
    put(text, "duplicated", decision.getDuplicated());
    put(text, "corrupted", decision.getCorrupted());
    put(text, "reordered", decision.getReordered());
    if (decision.getDelay() > 0) {
      text.put("delayNanos", decision.getDelay());
    }
    return text;
  }

  private static void put(ObjectNode text, String field, boolean is) {
    if (is) {
      text.put(field, true);
    }
  }
}
