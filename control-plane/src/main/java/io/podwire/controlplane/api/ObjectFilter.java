package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Which objects a list or a watch is about. */
record ObjectFilter(LabelSelector labels, FieldSelector fields) {

  static ObjectFilter of(Request request) {
    return new ObjectFilter(
        LabelSelector.parse(request.query("labelSelector")),
        FieldSelector.parse(request.query("fieldSelector")));
  }

  boolean matches(ObjectNode manifest) {
    return labels.matches(manifest) && fields.matches(manifest);
  }
}
