package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.NameForm;
import java.util.ArrayList;
import java.util.function.UnaryOperator;

/** The routes of every kind in the table: get, list, watch, create, replace, patch, delete. */
final class ObjectRoutes {

  private final ObjectRegistry registry;
  private final ObjectWriter writer;
  private final Deletion deletion;
  private final ObjectLists lists;
  private final ObjectWatches watches;

  ObjectRoutes(ApiParts parts, ObjectLists lists, ObjectWatches watches) {
    this.registry = parts.registry();
    this.writer = parts.writer();
    this.deletion = parts.deletion();
    this.lists = lists;
    this.watches = watches;
  }

  void addTo(Router router) {
    for (Kind kind : KindTable.kinds()) {
      String prefix =
          kind.group().isEmpty()
              ? "/api/" + kind.version()
              : "/apis/" + kind.group() + "/" + kind.version();
      String everywhere = prefix + "/" + kind.plural();
      String collection =
          kind.namespaced() ? prefix + "/namespaces/{namespace}/" + kind.plural() : everywhere;
      router.add("GET", collection, (request, exchange) -> collection(kind, request, exchange));
      if (kind.namespaced()) {
        router.add("GET", everywhere, (request, exchange) -> collection(kind, request, exchange));
      }
      router.add("POST", collection, (request, exchange) -> create(kind, request, exchange));
      String object = collection + "/{name}";
      router
          .add("GET", object, (request, exchange) -> get(kind, request, exchange))
          .add("PUT", object, (request, exchange) -> replace(kind, request, exchange, false))
          .add("PATCH", object, (request, exchange) -> patch(kind, request, exchange, false))
          .add("DELETE", object, (request, exchange) -> delete(kind, request, exchange));
      if (kind.hasStatus()) {
        router
            .add("GET", object + "/status", (request, exchange) -> get(kind, request, exchange))
            .add(
                "PUT",
                object + "/status",
                (request, exchange) -> replace(kind, request, exchange, true))
            .add(
                "PATCH",
                object + "/status",
                (request, exchange) -> patch(kind, request, exchange, true));
      }
    }
  }

  private void collection(Kind kind, Request request, Exchange exchange) throws Exception {
    String namespace = request.parameter("namespace");
    if (!namespace.isEmpty() && !NameForm.DNS_LABEL.matches(namespace)) {
      throw ApiException.badRequest("'" + namespace + "' is no namespace's name");
    }
    if (request.flag("watch")) {
      watches.watch(kind, namespace, request, exchange);
    } else {
      exchange.json(200, lists.list(kind, namespace, request));
    }
  }

  private void get(Kind kind, Request request, Exchange exchange) {
    exchange.json(200, registry.get(kind, key(kind, request)));
  }

  private void create(Kind kind, Request request, Exchange exchange) {
    ObjectNode manifest = manifest(kind, request);
    ObjectWriter.Options options = options(request);
    ObjectNode created = writer.create(kind, request.parameter("namespace"), manifest, options);
    exchange.json(201, created, options.warnings());
  }

  private void replace(Kind kind, Request request, Exchange exchange, boolean status) {
    ObjectNode manifest = manifest(kind, request);
    ObjectWriter.Options options = options(request);
    ObjectNode replaced = writer.replace(kind, key(kind, request), manifest, status, options);
    exchange.json(200, replaced, options.warnings());
  }

  private void patch(Kind kind, Request request, Exchange exchange, boolean status) {
    if (!request.contentType().equals("application/merge-patch+json")) {
      throw ApiException.of(
          415,
          "UnsupportedMediaType",
          "the patch type '"
              + request.contentType()
              + "' is not supported; send application/merge-patch+json");
    }
    ObjectNode patch = request.onlyObject();
    UnaryOperator<ObjectNode> edit =
        before -> {
          ObjectNode edited = (ObjectNode) MergePatch.apply(before, patch);
          checkKind(kind, edited);
          return edited;
        };
    ObjectWriter.Options options = options(request);
    ObjectNode patched = writer.change(kind, key(kind, request), status, edit, options);
    exchange.json(200, patched, options.warnings());
  }

  private void delete(Kind kind, Request request, Exchange exchange) {
    Field body = Field.root(request.options());
    Field preconditions = body.at("preconditions");
    Integer grace = body.at("gracePeriodSeconds").number();
    long asked = request.number("gracePeriodSeconds", grace == null ? -1 : grace);
    Deletion.Options options =
        new Deletion.Options(
            asked < 0 ? null : asked,
            preconditions.at("resourceVersion").textOr(""),
            preconditions.at("uid").textOr(""),
            request.dryRun() || !body.at("dryRun").items().isEmpty());
    Deletion.Deleted deleted = deletion.delete(kind, key(kind, request), options);
    exchange.json(
        200,
        deleted.outcome() == Deletion.Outcome.TERMINATING
            ? deleted.object()
            : ApiException.success(kind, request.parameter("name")));
  }

  private static ObjectNode manifest(Kind kind, Request request) {
    ObjectNode manifest = request.object();
    checkKind(kind, manifest);
    return manifest;
  }

  private static void checkKind(Kind kind, ObjectNode manifest) {
    Field root = Field.root(manifest);
    if (!kind.name().equals(root.at("kind").text())
        || !kind.apiVersion().equals(root.at("apiVersion").text())) {
      throw ApiException.badRequest(
          "the body is a "
              + root.at("kind").shown()
              + " of apiVersion "
              + root.at("apiVersion").shown()
              + "; send a "
              + kind.name()
              + " of apiVersion "
              + kind.apiVersion());
    }
  }

  private static ResourceKey key(Kind kind, Request request) {
    ResourceKey key = kind.key(request.parameter("namespace"), request.parameter("name"));
    if (!ObjectChecks.isAddressable(kind, key)) {
      throw ApiException.notFound(kind, key.name());
    }
    return key;
  }

  private static ObjectWriter.Options options(Request request) {
    return new ObjectWriter.Options(
        FieldValidation.of(request.query("fieldValidation")), request.dryRun(), new ArrayList<>());
  }
}
