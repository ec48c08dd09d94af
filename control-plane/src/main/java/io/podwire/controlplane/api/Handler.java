package io.podwire.controlplane.api;

/** Answers the requests of one route; runs on a virtual thread and may block. */
interface Handler {

  /** Answers through the exchange, or throws, which becomes a Status. */
  void handle(Request request, Exchange exchange) throws Exception;
}
