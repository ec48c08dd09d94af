package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import java.util.List;

/** The documents by which kubectl learns what there is; made from the table of kinds. */
final class Discovery {

  private static final String VERSION = "v1.32.0+podwire";

  private Discovery() {}

  static void addRoutes(Router router) {
    document(router, "/version", version());
    document(router, "/api", apiVersions());
    document(router, "/apis", groups());
    document(router, "/api/v1", resources("", "v1"));
    for (String group : KindTable.groups()) {
      document(router, "/apis/" + group, group(group));
      String version = KindTable.version(group);
      document(router, "/apis/" + group + "/" + version, resources(group, version));
    }
  }

  private static void document(Router router, String path, ObjectNode document) {
    router.add("GET", path, (request, exchange) -> exchange.json(200, document));
  }

  private static ObjectNode version() {
    return ManifestJson.object()
        .put("major", "1")
        .put("minor", "32")
        .put("gitVersion", VERSION)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "javac")
        .put("platform", "linux/amd64");
  }

  private static ObjectNode apiVersions() {
    ObjectNode document = ManifestJson.object().put("kind", "APIVersions");
    document.putArray("versions").add("v1");
    document
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", "");
    return document;
  }

  private static ObjectNode groups() {
    ObjectNode document = ManifestJson.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = document.putArray("groups");
    KindTable.groups().forEach(group -> groups.add(describe(ManifestJson.object(), group)));
    return document;
  }

  private static ObjectNode group(String group) {
    return describe(ManifestJson.object().put("kind", "APIGroup").put("apiVersion", "v1"), group);
  }

  private static ObjectNode describe(ObjectNode document, String group) {
    String version = KindTable.version(group);
    String groupVersion = group + "/" + version;
    document.put("name", group);
    document
        .putArray("versions")
        .addObject()
        .put("groupVersion", groupVersion)
        .put("version", version);
    document
        .putObject("preferredVersion")
        .put("groupVersion", groupVersion)
        .put("version", version);
    return document;
  }

  private static ObjectNode resources(String group, String version) {
    ObjectNode document =
        ManifestJson.object()
            .put("kind", "APIResourceList")
            .put("apiVersion", "v1")
            .put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode resources = document.putArray("resources");
    for (Kind kind : KindTable.kinds(group, version)) {
      ObjectNode resource = resource(resources, kind, kind.plural(), kind.singular(), Kind.VERBS);
      addAll(resource, "shortNames", kind.shortNames());
      addAll(resource, "categories", kind.categories());
      if (kind.equals(KindTable.POD)) {
        resource(resources, kind, "pods/exec", "", List.of("get"));
        resource(resources, kind, "pods/log", "", List.of("get"));
      }
      if (kind.hasStatus()) {
        String name = kind.plural() + "/status";
        resource(resources, kind, name, "", List.of("get", "patch", "update"));
      }
    }
    return document;
  }

  private static ObjectNode resource(
      ArrayNode resources, Kind kind, String name, String singular, List<String> verbs) {
    ObjectNode resource =
        resources
            .addObject()
            .put("name", name)
            .put("singularName", singular)
            .put("namespaced", kind.namespaced())
            .put("kind", name.equals("pods/exec") ? "PodExecOptions" : kind.name());
    addAll(resource, "verbs", verbs);
    return resource;
  }

  private static void addAll(ObjectNode object, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      texts.forEach(object.putArray(field)::add);
    }
  }
}
