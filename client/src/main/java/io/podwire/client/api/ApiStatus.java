package io.podwire.client.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's Status object: why a request was refused (Kubernetes meta/v1 Status).
 *
 * @param code the HTTP status code
 * @param reason the machine-readable reason such as NotFound; empty where none was given
 * @param message one sentence for people
 * @param causes every single problem, in the server's order
 */
public record ApiStatus(int code, String reason, String message, List<Cause> causes) {
  private static final JsonMapper JSON = new JsonMapper();

  /** One problem of several; either text may be empty. */
  public record Cause(String reason, String field, String message) {}

  /** Keeps its own copy of the causes. */
  public ApiStatus {
    causes = List.copyOf(causes);
  }

  /** Reads a Status from an answer's body; a body that is none becomes the message. */
  public static ApiStatus parse(int code, String path, byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node != null && node.path("kind").asText().equals("Status")) {
        return of(code, node);
      }
    } catch (JsonProcessingException notJson) {
      // Told below as it came.
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    String text = new String(body, StandardCharsets.UTF_8).strip();
    String what = text.isEmpty() ? "no reason given" : text;
    return new ApiStatus(code, "", "HTTP " + code + " for " + path + ": " + what, List.of());
  }

  /** Reads a Status object; {@code code} is used where it has none of its own. */
  public static ApiStatus of(int code, JsonNode node) {
    List<Cause> causes = new ArrayList<>();
    for (JsonNode cause : node.path("details").path("causes")) {
      causes.add(
          new Cause(
              cause.path("reason").asText(),
              cause.path("field").asText(),
              cause.path("message").asText()));
    }
    return new ApiStatus(
        node.path("code").asInt(code),
        node.path("reason").asText(),
        node.path("message").asText(),
        causes);
  }
}
