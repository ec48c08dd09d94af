package io.podwire.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.podwire.client.failure.ClientFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A list that changes: its events one after the other, blocking.
 *
 * <p>Used by one thread; {@link #close} from another ends a wait.
 */
public final class Watch implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** A change: ADDED, MODIFIED, DELETED or BOOKMARK, and the object after it. */
  public record Event(String type, JsonNode object) {}

  private final ApiResponse response;
  private final BufferedReader lines;

  private Watch(ApiResponse response) {
    this.response = response;
    this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /**
   * Watches a list.
   *
   * @param listPath the list's path, with or without a query of selectors
   * @param revision events after this resourceVersion
   */
  public static Watch open(ApiClient api, String listPath, String revision) {
    String separator = listPath.indexOf('?') < 0 ? "?" : "&";
    return new Watch(
        api.stream(
            listPath + separator + "watch=true&resourceVersion=" + Resource.encode(revision)));
  }

  /** The next event, or empty where the server has ended the watch. */
  public Optional<Event> next() {
    try {
      String line = lines.readLine();
      if (line == null) {
        return Optional.empty();
      }
      JsonNode event = JSON.readTree(line);
      if (event.path("type").asText().equals("ERROR")) {
        throw new ApiRefusal(ApiStatus.of(500, event.path("object")));
      }
      return Optional.of(new Event(event.path("type").asText(), event.path("object")));
    } catch (IOException failure) {
      throw new ClientFailure("the watch broke off: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() {
    try {
      response.close();
    } catch (IOException failure) {
      throw new ClientFailure("the watch does not close: " + failure.getMessage(), failure);
    }
  }
}
