package io.podwire.controlplane.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.fault.FaultReceipts;
import io.podwire.controlplane.kind.FaultReader;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.manifest.ManifestEditor;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what agents and DNS servers tell of faults into the faults' {@code status}, with the
 * verdict that follows, at most once a second for each fault.
 *
 * <p>A report of an earlier fault of the same name changes nothing. Thread-safe.
 */
final class FaultReports implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FaultReports.class);

  /** The latest word of one reporter. */
  private record Word(FaultReport report, String reporter, String instance) {}

  private final ManifestEditor editor;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("fault-reports").factory());
  private final Map<ResourceKey, Map<String, Word>> waiting = new HashMap<>();

  FaultReports(Store store, InstantSource clock) {
    this.editor = new ManifestEditor(store, clock);
  }

  void start() {
    clock.scheduleWithFixedDelay(this::write, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Takes a report; what the reporter has said before of this fault is replaced.
   *
   * @param instance of the reporter, empty where it is not known
   */
  void take(FaultReport report, String reporter, String instance) {
    Optional<ResourceKey> key = key(report);
    if (key.isPresent()) {
      take(key.get(), new Word(report, reporter, instance), true);
    }
  }

  private synchronized void take(ResourceKey key, Word word, boolean newest) {
    Map<String, Word> words = waiting.computeIfAbsent(key, fault -> new HashMap<>());
    if (newest) {
      words.put(word.reporter(), word);
    } else {
      words.putIfAbsent(word.reporter(), word);
    }
  }

  private synchronized Map<ResourceKey, Map<String, Word>> takeAll() {
    Map<ResourceKey, Map<String, Word>> all = new HashMap<>(waiting);
    waiting.clear();
    return all;
  }

  /** Writes down what has come since the last time. */
  void write() {
    takeAll()
        .forEach((key, words) -> {
          try {
            editor.edit(
                key, manifest -> words.values().forEach(word -> merge(key, manifest, word)));
          } catch (StoreException e) {
            LOG.debug("reports of {} are written later", key, e);
            words.values().forEach(word -> take(key, word, false));
          } catch (RuntimeException e) {
            LOG.error("reports of {} cannot be written", key, e);
          }
        });
  }

  private static void merge(ResourceKey key, ObjectNode manifest, Word word) {
    FaultReport report = word.report();
    if (manifest.path("metadata").path("uid").asText().equals(report.uid())) {
      FaultReceipts.merge(manifest, word.reporter(), word.instance(), report.receipts());
      kind(key.resource()).ifPresent(kind -> FaultReceipts.judge(kind, manifest));
    }
  }

  private static Optional<Kind> kind(String resource) {
    return FaultReader.kinds().stream()
        .filter(kind -> kind.resource().equals(resource))
        .findFirst();
  }

  /** {@code networkchaos/slow} is the NetworkChaos of that name. */
  private static Optional<ResourceKey> key(FaultReport report) {
    String name = report.key().name();
    int slash = name.indexOf('/');
    return FaultReader.kinds().stream()
        .filter(kind ->
            slash > 0 && kind.name().toLowerCase(Locale.ROOT).equals(name.substring(0, slash)))
        .findFirst()
        .map(kind -> kind.key(report.key().namespace(), name.substring(slash + 1)));
  }

  /** Writes the last words and stops. */
  @Override
  public void close() {
    clock.shutdownNow();
    write();
  }
}
