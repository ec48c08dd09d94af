package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.podwire.controlplane.kind.ManifestJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The answering side of one request: one whole answer, a streamed one, or a change to WebSocket.
 *
 * <p>Used by one handler thread; {@link #onClose} callbacks come from the event loop.
 */
interface Exchange {

  String JSON = "application/json";
  String TEXT = "text/plain; charset=utf-8";

  /** Answers whole. */
  void respond(int code, String contentType, byte[] body, Map<String, List<String>> headers);

  /** Begins an answer whose length is not known. */
  BodyStream stream(int code, String contentType);

  /** Whether an answer has begun, so that a failure can no longer be told by a Status. */
  boolean isAnswered();

  /** Breaks the connection. */
  void abort();

  /** The request itself, for the upgrade to another protocol; the caller releases nothing. */
  WebSocketUpgrade upgrade();

  /** Calls back when the client has gone, at once where it has already. */
  void onClose(Runnable action);

  default void json(int code, JsonNode body) {
    respond(code, JSON, ManifestJson.bytes(body), Map.of());
  }

  /** Answers with the warnings that kubectl prints (RFC 9111, section 5.5). */
  default void json(int code, JsonNode body, List<String> warnings) {
    List<String> values =
        warnings.stream()
            .map(text -> "299 - \"" + text.replaceAll("[\\\\\"\\p{Cntrl}]", "'") + "\"")
            .toList();
    respond(
        code,
        JSON,
        ManifestJson.bytes(body),
        values.isEmpty() ? Map.of() : Map.of("Warning", values));
  }

  default void text(int code, String body) {
    respond(code, TEXT, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** What an upgrade needs of the connection. */
  interface WebSocketUpgrade {
    FullHttpRequest request();

    Channel channel();
  }
}
