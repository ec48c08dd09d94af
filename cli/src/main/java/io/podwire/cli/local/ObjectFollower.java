package io.podwire.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.api.Watch;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells every object of a kind, and then every change, until closed.
 *
 * <p>Lists again where the server has forgotten the revision (410 Gone).
 */
final class ObjectFollower implements AutoCloseable {
  private static final int GONE = 410;

  private final ApiClient api;
  private final Resource resource;
  private final Consumer<ClusterEvent> listener;
  private @Nullable Watch current;
  private boolean closed;

  /**
   * Begins to follow.
   *
   * @param listener called on a thread of its own
   */
  ObjectFollower(ApiClient api, Resource resource, Consumer<ClusterEvent> listener) {
    this.api = api;
    this.resource = resource;
    this.listener = listener;
  }

  void start() {
    Thread.ofPlatform().daemon().name("follow-" + resource.plural()).start(this::follow);
  }

  private void follow() {
    try {
      while (!isClosed()) {
        listAndWatch();
      }
    } catch (RuntimeException failure) {
      if (!isClosed()) {
        listener.accept(new ClusterEvent.WatchLost(failure));
      }
    }
  }

  private void listAndWatch() {
    JsonNode list = api.get(resource.listPath(null));
    list.path("items").forEach(item -> tell(item, false));
    listener.accept(new ClusterEvent.Listed(resource));
    String revision = list.path("metadata").path("resourceVersion").asText();
    try (Watch watch = open(revision)) {
      Optional<Watch.Event> event = watch.next();
      while (event.isPresent()) {
        if (!event.get().type().equals("BOOKMARK")) {
          tell(event.get().object(), event.get().type().equals("DELETED"));
        }
        event = watch.next();
      }
    } catch (ApiRefusal refusal) {
      if (refusal.status().code() != GONE) {
        throw refusal;
      }
    }
  }

  private synchronized Watch open(String revision) {
    Watch watch = Watch.open(api, resource.listPath(null), revision);
    current = watch;
    if (closed) {
      watch.close();
    }
    return watch;
  }

  private void tell(JsonNode object, boolean deleted) {
    listener.accept(new ClusterEvent.Changed(resource, object, deleted));
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (current != null) {
      current.close();
    }
  }
}
