package io.podwire.cluster.store;

/** What a watch delivers, in revision order. */
public sealed interface StoreEvent {

  long revision();

  /** Created: {@code created}; otherwise changed. */
  record Put(StoredObject object, boolean created) implements StoreEvent {
    @Override
    public long revision() {
      return object.revision();
    }
  }

  /** Deleted; {@code last} is the last version seen, {@code revision} that of the deletion. */
  record Removed(StoredObject last, long revision) implements StoreEvent {}
}
