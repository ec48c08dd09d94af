package io.podwire.controlplane.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.ManifestJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists of a kind, in pages where the client asks for them.
 *
 * <p>Every page tells the revision of the first: a watch from there misses nothing that happened
 * between the pages. Thread-safe.
 */
final class ObjectLists {

  private final Store store;

  ObjectLists(Store store) {
    this.store = store;
  }

  /** Where the next page begins: after this object, told as of this revision. */
  private record Continuation(long revision, ObjectName after) {

    String encode() {
      ObjectNode token = ManifestJson.object();
      token.put("rv", revision).put("namespace", after.namespace()).put("name", after.name());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(ManifestJson.bytes(token));
    }

    static @Nullable Continuation decode(String text) {
      if (text.isEmpty()) {
        return null;
      }
      try {
        String json = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        JsonNode token = ManifestJson.mapper().readTree(json);
        return new Continuation(
            token.path("rv").longValue(),
            new ObjectName(token.path("namespace").asText(), token.path("name").asText()));
      } catch (IllegalArgumentException | JsonProcessingException e) {
        throw ApiException.badRequest(
            "continue: '" + text + "' is no token of ours; list again without it");
      }
    }
  }

  ObjectNode list(Kind kind, String namespace, Request request) {
    ObjectFilter filter = ObjectFilter.of(request);
    long limit = request.number("limit", 0);
    Continuation from = Continuation.decode(request.query("continue"));
    Store.Listing listing = store.list(kind.resource(), namespace);
    long revision = from == null ? listing.revision() : from.revision();

    ObjectNode list = ManifestJson.object();
    list.put("kind", kind.name() + "List").put("apiVersion", kind.apiVersion());
    ObjectNode metadata = list.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(revision));
    ArrayNode items = list.putArray("items");
    List<StoredObject> rest =
        listing.objects().stream()
            .filter(object -> from == null || isAfter(object, from.after()))
            .toList();
    for (StoredObject object : rest) {
      ObjectNode manifest = ManifestJson.read(object);
      if (!filter.matches(manifest)) {
        continue;
      }
      if (limit > 0 && items.size() == limit) {
        JsonNode last = items.get(items.size() - 1).path("metadata");
        ObjectName after =
            new ObjectName(last.path("namespace").asText(), last.path("name").asText());
        metadata.put("continue", new Continuation(revision, after).encode());
        break;
      }
      items.add(manifest);
    }
    return list;
  }

  private static boolean isAfter(StoredObject object, ObjectName position) {
    return object.key().objectName().compareTo(position) > 0;
  }
}
