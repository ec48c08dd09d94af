package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;

/** What names an object of a namespace. */
record ObjectKey(String namespace, String name) {
  static final String DEFAULT_NAMESPACE = "default";

  /** Reads {@code name} or {@code namespace/name}. */
  static ObjectKey parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ObjectKey(DEFAULT_NAMESPACE, text)
        : new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
  }

  static ObjectKey of(JsonNode object) {
    return new ObjectKey(
        object.at("/metadata/namespace").asText(DEFAULT_NAMESPACE),
        object.at("/metadata/name").asText());
  }

  /** As people write it: without the namespace where that is {@code default}. */
  String text() {
    return namespace.equals(DEFAULT_NAMESPACE) ? name : namespace + "/" + name;
  }
}
