package io.podwire.controlplane.api;

import java.util.function.BooleanSupplier;

/** Whether the process lives, and whether it serves. */
final class Health {

  private final BooleanSupplier ready;

  Health(BooleanSupplier ready) {
    this.ready = ready;
  }

  void addTo(Router router) {
    router
        .add("GET", "/healthz", (request, exchange) -> exchange.text(200, "ok"))
        .add("GET", "/livez", (request, exchange) -> exchange.text(200, "ok"))
        .add("GET", "/readyz", this::readyz);
  }

  private void readyz(Request request, Exchange exchange) {
    if (ready.getAsBoolean()) {
      exchange.text(200, "ok");
    } else {
      exchange.text(503, "not ready: the registry is not connected or not read yet");
    }
  }
}
