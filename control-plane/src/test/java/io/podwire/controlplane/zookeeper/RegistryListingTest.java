package io.podwire.controlplane.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistryListingTest {

  private static final ResourceKey A = new ResourceKey("services", "default", "a");
  private static final ResourceKey B = new ResourceKey("services", "default", "b");
  private static final long MARKER = 50;

  @Test
  void shouldFindNothingMissedWhereNothingHappened() {
    assertThat(missed(Map.of(A, znode(5, 9)), List.of(known(A, 9)), Map.of(A, 5L), Set.of()))
        .isEmpty();
  }

  @Test
  void shouldTellARecreatedObjectFromAChangedOne() {
    assertThat(missed(Map.of(A, znode(20, 30)), List.of(known(A, 9)), Map.of(A, 5L), Set.of()))
        .containsExactly("removed a @19", "put a @30");
    assertThat(missed(Map.of(A, znode(5, 30)), List.of(known(A, 9)), Map.of(A, 5L), Set.of()))
        .containsExactly("put a @30");
  }

  @Test
  void shouldOrderWhatWasMissedByRevision() {
    assertThat(missed(Map.of(A, znode(40, 40), B, znode(12, 30)), List.of(), Map.of(), Set.of()))
        .containsExactly("put b @30", "put a @40");
  }

  @Test
  void shouldRemoveWhatIsNotListedUnlessItsEventIsStillToCome() {
    assertThat(missed(Map.of(), List.of(known(A, 9)), Map.of(A, 5L), Set.of()))
        .containsExactly("removed a @50");
    assertThat(missed(Map.of(), List.of(known(A, 9)), Map.of(A, 5L), Set.of(A))).isEmpty();
  }

  @Test
  void shouldLeaveToTheirEventsWhatHappenedAfterTheMarker() {
    assertThat(
            missed(
                Map.of(A, znode(5, 51), B, znode(60, 60)),
                List.of(known(A, 9), known(B, 7)),
                Map.of(A, 5L, B, 6L),
                Set.of(B)))
        .isEmpty();
  }

  private static List<String> missed(
      Map<ResourceKey, Znode> listed,
      List<StoredObject> known,
      Map<ResourceKey, Long> creations,
      Set<ResourceKey> deletedLater) {
    return RegistryListing.missed(listed, known, creations, deletedLater, MARKER).stream()
        .map(step ->
            (step.znode() == null ? "removed " : "put ")
                + step.key().name()
                + " @"
                + step.revision())
        .toList();
  }

  private static StoredObject known(ResourceKey key, long revision) {
    return new StoredObject(key, new byte[0], revision);
  }

  private static Znode znode(long created, long modified) {
    return new Znode(new ObjectRecord(Set.of(), new byte[0]), created, modified);
  }
}
