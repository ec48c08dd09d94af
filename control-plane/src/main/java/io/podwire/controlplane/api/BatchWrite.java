package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a planned batch, namespaces first, and takes back what it wrote where a write fails.
 *
 * <p>The registry writes one object at a time, so other clients may see a part of the batch for a
 * moment. Not thread-safe; one use.
 */
final class BatchWrite {

  private static final int MAX_ATTEMPTS = 10;

  private final Store store;
  private final ObjectRegistry registry;
  private final Consumer<BatchEntry> planAgain;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  BatchWrite(Store store, ObjectRegistry registry, Consumer<BatchEntry> planAgain) {
    this.store = store;
    this.registry = registry;
    this.planAgain = planAgain;
  }

  /** Leaves the written version in each entry that changed. */
  void write(List<BatchEntry> batch) {
    List<BatchEntry> order = new ArrayList<>(batch);
    // Stable: everything else keeps the order of the documents.
    order.sort(Comparator.comparing(entry -> !entry.kind().equals(KindTable.NAMESPACE)));
    for (BatchEntry entry : order) {
      try {
        write(entry);
      } catch (StoreException e) {
        throw undone(entry, ApiException.of(e));
      } catch (ApiException e) {
        throw undone(entry, e);
      }
    }
  }

  private void write(BatchEntry entry) {
    for (int attempt = 1; ; attempt++) {
      Kind kind = entry.kind();
      ObjectNode before = entry.before;
      ObjectNode planned = entry.planned();
      if (entry.isUnchanged()) {
        return;
      }
      try {
        if (before == null) {
          ObjectNode created = registry.create(kind, planned);
          undo.push(() -> store.delete(entry.key(), ObjectRegistry.revision(created)));
          entry.after = created;
        } else {
          ObjectNode updated = registry.update(kind, before, planned);
          undo.push(() -> restore(kind, updated, before));
          entry.after = updated;
        }
        return;
      } catch (StoreException.Conflict | StoreException.NotFound | StoreException.AlreadyExists e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
        planAgain.accept(entry);
      }
    }
  }

  private void restore(Kind kind, ObjectNode written, ObjectNode before) {
    registry.update(kind, written, before);
  }

  private ApiException undone(BatchEntry failed, ApiException cause) {
    List<String> left = new ArrayList<>();
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (StoreException e) {
        left.add(e.getMessage());
      }
    }
    String outcome =
        left.isEmpty()
            ? "nothing was applied"
            : "and what was applied could not all be taken back: " + String.join("; ", left);
    return ApiException.of(
        cause.code(),
        cause.status().path("reason").asText(""),
        failed.describe() + ": " + cause.getMessage() + "; " + outcome);
  }
}
