package io.podwire.controlplane.api;

import io.podwire.controlplane.kind.NameForm;

/** The routes that take a whole stream of manifests. */
final class BatchRoutes {

  private final BulkApply apply;
  private final BulkDelete delete;

  BatchRoutes(ApiParts parts) {
    this.apply = parts.bulkApply();
    this.delete = parts.bulkDelete();
  }

  void addTo(Router router) {
    router
        .add("POST", "/podwire/v1/apply", this::apply)
        .add("POST", "/podwire/v1/delete", this::delete);
  }

  private void apply(Request request, Exchange exchange) {
    request.requireManifests();
    exchange.json(
        200,
        apply.apply(
            request.body(),
            namespace(request),
            FieldValidation.of(request.query("fieldValidation")),
            request.dryRun()));
  }

  private void delete(Request request, Exchange exchange) {
    request.requireManifests();
    long grace = request.number("gracePeriodSeconds", -1);
    Deletion.Options options =
        new Deletion.Options(grace < 0 ? null : grace, "", "", request.dryRun());
    exchange.json(200, delete.delete(request.body(), namespace(request), options));
  }

  private static String namespace(Request request) {
    String namespace = request.query("namespace");
    if (!namespace.isEmpty() && !NameForm.DNS_LABEL.matches(namespace)) {
      throw ApiException.badRequest(
          "namespace: '" + namespace + "' is no name; " + NameForm.DNS_LABEL.rule());
    }
    return namespace.isEmpty() ? "default" : namespace;
  }
}
