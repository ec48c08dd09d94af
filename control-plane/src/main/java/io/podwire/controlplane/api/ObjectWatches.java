package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreEvent;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Serves watches: one JSON event per line, for as long as the client stays. Thread-safe. */
final class ObjectWatches {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(45);
  private static final Set<String> ALL_RESOURCES =
      KindTable.kinds().stream().map(Kind::resource).collect(Collectors.toSet());
  private static final byte[] NEWLINE = "\n".getBytes(StandardCharsets.UTF_8);

  private final Store store;
  private final Duration bookmarkPeriod;

  /**
   * @param bookmarkPeriod how long a client that wants bookmarks waits for the next at most
   */
  ObjectWatches(Store store, Duration bookmarkPeriod) {
    this.store = store;
    this.bookmarkPeriod = bookmarkPeriod;
  }

  void watch(Kind kind, String namespace, Request request, Exchange exchange)
      throws IOException, InterruptedException {
    boolean bookmarks = request.flag("allowWatchBookmarks");
    boolean initialEvents = request.flag("sendInitialEvents");
    long asked = request.number("resourceVersion", 0);
    boolean fromNow = initialEvents || asked == 0;
    Duration timeout =
        Duration.ofSeconds(request.number("timeoutSeconds", DEFAULT_TIMEOUT.toSeconds()));
    WatchFilter filter = new WatchFilter(ObjectFilter.of(request));

    Store.Listing listing = store.list(kind.resource(), namespace);
    long from = fromNow ? listing.revision() : asked;
    WatchQueue queue = new WatchQueue(kind.resource(), namespace, from);
    // All resources: the revision of bookmarks goes on while other kinds change.
    try (Store.Watch _ = store.watch(ALL_RESOURCES, from, queue)) {
      exchange.onClose(queue::close);
      BodyStream stream = exchange.stream(200, Exchange.JSON);
      for (StoredObject object : listing.objects()) {
        ObjectNode manifest = ManifestJson.read(object);
        if (filter.start(object.key(), manifest, object.revision() <= from) && fromNow) {
          send(stream, "ADDED", manifest);
        }
      }
      if (initialEvents && bookmarks) {
        ObjectNode bookmark = bookmark(kind, from);
        Manifests.child(Manifests.child(bookmark, "metadata"), "annotations")
            .put("k8s.io/initial-events-end", "true");
        send(stream, "BOOKMARK", bookmark);
      }
      pump(kind, queue, filter, stream, timeout, bookmarks);
    }
  }

  private void pump(
      Kind kind,
      WatchQueue queue,
      WatchFilter filter,
      BodyStream stream,
      Duration timeout,
      boolean bookmarks)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    long nextBookmark = System.nanoTime() + bookmarkPeriod.toNanos();
    while (true) {
      long now = System.nanoTime();
      long wake = bookmarks && nextBookmark - end < 0 ? nextBookmark : end;
      // Read before the queue is found empty: everything up to here has then been sent.
      long seen = queue.lastRevision();
      StoreEvent event = queue.poll(Math.max(0, wake - now), TimeUnit.NANOSECONDS);
      if (event != null) {
        WatchFilter.Change change = filter.apply(event);
        if (change != null) {
          send(stream, change.type(), change.object());
        }
      } else if (queue.isClosed()) {
        stream.abort();
        return;
      } else if (queue.isOverrun()) {
        String why = "the client reads too slowly: events have been dropped";
        send(stream, "ERROR", ApiException.expired(why).status());
        stream.end();
        return;
      } else if (System.nanoTime() - end >= 0) {
        stream.end();
        return;
      } else if (bookmarks && System.nanoTime() - nextBookmark >= 0) {
        send(stream, "BOOKMARK", bookmark(kind, seen));
        nextBookmark = System.nanoTime() + bookmarkPeriod.toNanos();
      }
    }
  }

  private static ObjectNode bookmark(Kind kind, long revision) {
    ObjectNode bookmark = ManifestJson.object();
    bookmark.put("kind", kind.name()).put("apiVersion", kind.apiVersion());
    bookmark.putObject("metadata").put("resourceVersion", Long.toString(revision));
    return bookmark;
  }

  private static void send(BodyStream stream, String type, ObjectNode object)
      throws IOException, InterruptedException {
    ObjectNode event = ManifestJson.object().put("type", type);
    event.set("object", object);
    byte[] json = ManifestJson.bytes(event);
    byte[] line = Arrays.copyOf(json, json.length + NEWLINE.length);
    System.arraycopy(NEWLINE, 0, line, json.length, NEWLINE.length);
    stream.write(line);
  }
}
