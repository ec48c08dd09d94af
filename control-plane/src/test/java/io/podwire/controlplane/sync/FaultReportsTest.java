package io.podwire.controlplane.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultReportsTest {

  private static final String RUNNING =
      """
      {"phase":"Running","startTime":"2026-03-01T10:00:00.000Z",
       "links":[{"node":"n1","pod":"default/web","direction":"egress"}]}
      """;

  private final MemoryStore store = new MemoryStore();
  private final FaultReports reports = new FaultReports(store, Instant::now);
  private final ResourceKey key = KindTable.NETWORK_FAULT.key("default", "lossy");

  @Test
  void shouldWriteReceiptsAndTheVerdict() {
    fault(RUNNING);
    reports.take(report("u", 1000, 100), "n1", "a");
    reports.take(report("u", 2000, 190), "n1", "a");
    reports.write();

    assertThat(status().path("receipts")).hasSize(1);
    assertThat(status().path("matched").asLong()).isEqualTo(2000);
    assertThat(status().path("verdict").asText()).isEqualTo("confirmed");
  }

  @Test
  void shouldIgnoreReportsOfAnotherFaultOfThatName() {
    fault(RUNNING);
    reports.take(report("other", 1000, 100), "n1", "a");
    reports.take(
        new FaultReport(NetworkFault.key("Nothing", "default", "lossy"), "u", "n1", List.of()),
        "n1",
        "a");
    reports.write();

    assertThat(status().has("receipts")).isFalse();
  }

  @Test
  void shouldTellFollowersOfAFaultsLifeAndNotOfItsReceipts() {
    fault(RUNNING);
    StateFeed feed = new StateFeed(store, StateFeedTest.CONFIG);
    feed.start();
    ClusterUpdate.Snapshot snapshot =
        (ClusterUpdate.Snapshot) StateFeedTest.read(feed.snapshot(object -> true));
    assertThat(snapshot.objects())
        .singleElement()
        .satisfies(object -> assertThat(((NetworkFault) object).active()).isTrue());
    long revision = feed.revision();

    reports.take(report("u", 1000, 100), "n1", "a");
    reports.write();
    assertThat(feed.after(revision, object -> true, 10).orElseThrow().isEmpty()).isTrue();
    fault("{\"phase\":\"Ended\"}");

    ClusterUpdate.Delta delta =
        (ClusterUpdate.Delta)
            StateFeedTest.read(feed.after(revision, object -> true, 10).orElseThrow());
    assertThat(delta.changes())
        .singleElement()
        .satisfies(change ->
            assertThat(((NetworkFault) ((ClusterUpdate.Upsert) change).object()).active())
                .isFalse());
    feed.close();
  }

  private void fault(String status) {
    byte[] manifest =
        """
        {"apiVersion":"podwire.io/v1alpha1","kind":"NetworkFault",
         "metadata":{"name":"lossy","namespace":"default","uid":"u"},
         "spec":{"selector":{},"loss":{"percent":"10%%"}},"status":%s}
        """
            .formatted(status)
            .getBytes(UTF_8);
    if (store.get(key).isPresent()) {
      store.update(key, manifest, Store.ANY_REVISION, Set.of(), Set.of());
    } else {
      store.create(key, manifest, Set.of());
    }
  }

  private JsonNode status() {
    return ManifestJson.read(store.get(key).orElseThrow()).path("status");
  }

  private static FaultReport report(String uid, long matched, long lost) {
    LinkReceipt receipt =
        new LinkReceipt(
            "Pod default/web",
            FaultLink.Direction.EGRESS,
            false,
            "",
            matched,
            0,
            matched - lost,
            0,
            Map.of("lost", lost),
            0,
            0,
            0,
            0,
            0,
            0,
            matched,
            1);
    return new FaultReport(
        NetworkFault.key("NetworkFault", "default", "lossy"), uid, "n1", List.of(receipt));
  }
}
