package io.podwire.controlplane.kind;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lists of a kind that are merged element by element, as in Kubernetes' strategic merge; every
 * other list is replaced whole.
 *
 * <p>Paths leave out indices: {@code spec.containers.ports}.
 */
public record MergeKeys(Map<String, List<Key>> byPath) {

  public static final MergeKeys NONE = new MergeKeys(Map.of());

  public MergeKeys {
    byPath = Map.copyOf(byPath);
  }

  /** What tells the elements of the list apart. */
  public Optional<List<Key>> at(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /**
   * A field of an element that is part of its identity.
   *
   * @param fallback the value where the field is absent; empty where it must be there
   */
  public record Key(String field, String fallback) {
    public static Key of(String field) {
      return new Key(field, "");
    }
  }
}
