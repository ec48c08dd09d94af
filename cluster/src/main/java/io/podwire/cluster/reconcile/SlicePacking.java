package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ObjectName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * Spreads a Service's endpoints over slices so that little changes: an endpoint stays in its slice,
 * new ones fill the gaps, and a slice that is not needed any more lends its name to one that is.
 */
final class SlicePacking {

  /** Without vowels and digits that read as letters, so that no name becomes a word. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_LENGTH = 5;

  private final ObjectName service;
  private final Predicate<String> nameTaken;
  private final Map<SliceShape, List<EndpointSlice>> fitting = new HashMap<>();
  private final Map<String, EndpointSlice> existing = new TreeMap<>();

  SlicePacking(
      ObjectName service, Collection<EndpointSlice> existing, Predicate<String> nameTaken) {
    this.service = service;
    this.nameTaken = nameTaken;
    existing.forEach(slice -> this.existing.put(slice.key().name(), slice));
  }

  List<EndpointSlice> pack(Map<SliceShape, List<EndpointSlice.Endpoint>> groups) {
    Deque<EndpointSlice> spare = new ArrayDeque<>();
    for (EndpointSlice slice : existing.values()) {
      SliceShape shape = SliceShape.of(slice);
      if (groups.containsKey(shape)) {
        fitting.computeIfAbsent(shape, key -> new ArrayList<>()).add(slice);
      } else {
        spare.add(slice);
      }
    }
    Map<String, EndpointSlice> packed = new TreeMap<>();
    groups.forEach((shape, endpoints) -> pack(shape, endpoints, spare, packed));
    return List.copyOf(packed.values());
  }

  private void pack(
      SliceShape shape,
      List<EndpointSlice.Endpoint> endpoints,
      Deque<EndpointSlice> spare,
      Map<String, EndpointSlice> packed) {
    Map<String, String> home = new HashMap<>();
    TreeMap<String, List<EndpointSlice.Endpoint>> slices = new TreeMap<>();
    for (EndpointSlice slice : fitting.getOrDefault(shape, List.of())) {
      slices.put(slice.key().name(), new ArrayList<>());
      slice.endpoints().forEach(endpoint -> home.put(identity(endpoint), slice.key().name()));
    }
    List<EndpointSlice.Endpoint> homeless = new ArrayList<>();
    for (EndpointSlice.Endpoint endpoint : endpoints) {
      List<EndpointSlice.Endpoint> slice = slices.get(home.getOrDefault(identity(endpoint), ""));
      (slice == null ? homeless : slice).add(endpoint);
    }
    for (List<EndpointSlice.Endpoint> slice : slices.values()) {
      while (slice.size() < EndpointSliceReconciler.MAX_ENDPOINTS && !homeless.isEmpty()) {
        slice.add(homeless.remove(0));
      }
    }
    if (endpoints.isEmpty() && !slices.isEmpty()) {
      // A Service without endpoints keeps its first slice, empty.
      slices.keySet().retainAll(Set.of(slices.firstKey()));
    } else {
      slices.values().removeIf(List::isEmpty);
    }
    while (!homeless.isEmpty() || slices.isEmpty()) {
      int count = Math.min(homeless.size(), EndpointSliceReconciler.MAX_ENDPOINTS);
      List<EndpointSlice.Endpoint> batch = homeless.subList(0, count);
      slices.put(nextName(shape, spare, slices, packed), new ArrayList<>(batch));
      batch.clear();
    }
    slices.forEach((name, members) -> packed.put(name, slice(name, shape, members)));
  }

  private EndpointSlice slice(
      String name, SliceShape shape, List<EndpointSlice.Endpoint> endpoints) {
    endpoints.sort(Comparator.comparing(SlicePacking::identity));
    return new EndpointSlice(
        new ObjectName(service.namespace(), name), service.name(), shape.ports(), endpoints);
  }

  private String nextName(
      SliceShape shape,
      Deque<EndpointSlice> spare,
      Map<String, List<EndpointSlice.Endpoint>> slices,
      Map<String, EndpointSlice> packed) {
    // The address type of a slice never changes.
    for (EndpointSlice candidate : spare) {
      if (SliceShape.of(candidate).ipv4() == shape.ipv4()) {
        spare.remove(candidate);
        return candidate.key().name();
      }
    }
    for (int ordinal = 0; ; ordinal++) {
      String name = service.name() + "-" + suffix(service + shape.text() + ordinal);
      if (!slices.containsKey(name)
          && !packed.containsKey(name)
          && !existing.containsKey(name)
          && !nameTaken.test(name)) {
        return name;
      }
    }
  }

  private static String identity(EndpointSlice.Endpoint endpoint) {
    return endpoint.podName() + " " + endpoint.addresses();
  }

  private static String suffix(String text) {
    CRC32 hash = new CRC32();
    hash.update(text.getBytes(StandardCharsets.UTF_8));
    long rest = hash.getValue();
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      suffix.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
      rest /= ALPHABET.length();
    }
    return suffix.toString();
  }
}
