package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.MalformedManifestException;
import io.podwire.controlplane.kind.ManifestDocument;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ManifestParser;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request with its whole body.
 *
 * @param path the decoded segments
 * @param parameters what the route's placeholders stand for
 * @param headers by lower-case name; the first of several
 */
@SuppressWarnings("ArrayRecordComponent")
record Request(
    String method,
    List<String> path,
    Map<String, String> parameters,
    Map<String, List<String>> query,
    Map<String, String> headers,
    byte[] body) {

  private static final List<String> MANIFEST_TYPES =
      List.of("application/json", "application/yaml", "application/x-yaml", "text/yaml");

  Request withParameters(Map<String, String> values) {
    return new Request(method, path, values, query, headers, body);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** The first value of a query parameter; empty where it is absent. */
  String query(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? "" : values.getFirst();
  }

  /** {@code true} or {@code 1}, and what kubectl and people else write. */
  boolean flag(String name) {
    return switch (query(name).toLowerCase(Locale.ROOT)) {
      case "", "false", "0" -> query.containsKey(name) && query(name).isEmpty();
      case "true", "1" -> true;
      default ->
          throw ApiException.badRequest(name + ": '" + query(name) + "' is neither true nor false");
    };
  }

  /** A number that is not negative, or the fallback where it is absent. */
  long number(String name, long fallback) {
    String text = query(name);
    if (text.isEmpty()) {
      return fallback;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw ApiException.badRequest(name + ": '" + text + "' is no number of 0 or more");
    }
    return Long.parseLong(text);
  }

  boolean dryRun() {
    String value = query("dryRun");
    if (!value.isEmpty() && !value.equals("All")) {
      throw ApiException.badRequest("dryRun: '" + value + "' is not known; write All");
    }
    return !value.isEmpty();
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The media type of the body without its parameters. */
  String contentType() {
    return header("content-type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Refuses bodies that are no manifests, and those that a web page could send unasked. */
  void requireManifests() {
    if (!MANIFEST_TYPES.contains(contentType())) {
      throw ApiException.of(
          415,
          "UnsupportedMediaType",
          "the Content-Type '"
              + contentType()
              + "' is not supported; send application/json or "
              + "application/yaml");
    }
  }

  /** The one manifest of the body, in JSON or YAML. */
  ObjectNode object() {
    requireManifests();
    return onlyObject();
  }

  /** The one object of the body, whatever it is. */
  ObjectNode onlyObject() {
    List<ManifestDocument> documents = ManifestParser.parse(body);
    if (documents.size() != 1) {
      throw new MalformedManifestException(
          "the body holds " + documents.size() + " objects; send one");
    }
    return documents.getFirst().manifest();
  }

  /** The body as JSON options; an empty object where there is no body. */
  ObjectNode options() {
    return body.length == 0 ? ManifestJson.object() : object();
  }
}
