package io.podwire.controlplane.fault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.FaultConflicts;
import io.podwire.cluster.reconcile.FaultTargets;
import io.podwire.cluster.reconcile.FaultTargets.Choices;
import io.podwire.cluster.reconcile.FaultTargets.Resolution;
import io.podwire.cluster.reconcile.FaultTargets.State;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.FaultReader;
import io.podwire.controlplane.kind.FaultStatus;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ModelReader;
import io.podwire.controlplane.kind.Problem;
import io.podwire.controlplane.kind.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks of a new fault that need the rest of the cluster: it must have something to act on, and
 * must not do what another fault does to the same packets. Thread-safe.
 */
public final class FaultAdmission {

  private final Store store;

  public FaultAdmission(Store store) {
    this.store = store;
  }

  /** Reports selectors that match nothing, and the faults that this one contradicts. */
  public void check(Kind kind, ObjectNode fault, List<ObjectNode> batch, Problems problems) {
    FaultRequest request = FaultReader.request(kind, fault);
    State state = state(batch);
    Resolution resolution = FaultTargets.resolve(request, state, Choices.NONE);
    Field root = Field.root(fault);
    new TreeMap<>(resolution.unmatched())
        .forEach((path, why) -> {
          Field field = field(root, path);
          problems.add(
              Problem.Reason.NOT_FOUND,
              field,
              field.shown() + " " + why + "; choose what is there, or create it first");
        });
    FaultConflicts.Acting acting = new FaultConflicts.Acting(request.spec(), resolution.links());
    others(request, state, batch)
        .forEach((name, other) ->
            FaultConflicts.between(acting, other)
                .ifPresent(what ->
                    problems.forbidden(
                        root.at("spec"),
                        "contradicts "
                            + name
                            + ": "
                            + what
                            + "; delete that one first, or choose other traffic")));
  }

  /** Shows in the status what the fault would act on. */
  public void describe(Kind kind, ObjectNode fault, String now) {
    Resolution resolution =
        FaultTargets.resolve(FaultReader.request(kind, fault), state(List.of()), Choices.NONE);
    FaultRecord.resolved(fault, resolution, now);
  }

  private static Field field(Field root, String path) {
    Field field = root;
    for (String name : path.split("\\.")) {
      field = field.at(name);
    }
    return field;
  }

  /** What other faults that are not over do, by their names. */
  private Map<String, FaultConflicts.Acting> others(
      FaultRequest request, State state, List<ObjectNode> batch) {
    Map<String, FaultConflicts.Acting> others = new TreeMap<>();
    for (Kind kind : FaultReader.kinds()) {
      for (StoredObject stored : store.list(kind.resource(), "").objects()) {
        FaultStatus status = FaultReader.status(stored);
        boolean over =
            status.phase().equals(FaultStatus.ENDED) || status.phase().equals(FaultStatus.FAILED);
        if (!over) {
          add(others, kind, FaultReader.request(stored), status, request, state);
        }
      }
      for (ObjectNode planned : batch) {
        if (isOf(kind, planned)) {
          FaultRequest other = FaultReader.request(kind, planned);
          // Of two in one batch the later one is told.
          if (other.key().equals(request.key())) {
            break;
          }
          add(others, kind, other, null, request, state);
        }
      }
    }
    return others;
  }

  private static void add(
      Map<String, FaultConflicts.Acting> others,
      Kind kind,
      FaultRequest other,
      @Nullable FaultStatus status,
      FaultRequest request,
      State state) {
    if (other.key().equals(request.key())) {
      return;
    }
    var links =
        status != null && status.phase().equals(FaultStatus.RUNNING)
            ? status.links()
            : FaultTargets.resolve(other, state, Choices.NONE).links();
    String name = other.key().name();
    others.put(
        kind.name()
            + " "
            + new ObjectName(other.key().namespace(), name.substring(name.indexOf('/') + 1)),
        new FaultConflicts.Acting(other.spec(), links));
  }

  /** What is there, and what the batch is about to make. */
  private State state(List<ObjectNode> batch) {
    Map<ObjectName, Pod> pods = read(KindTable.POD, ModelReader::pod, batch);
    Map<ObjectName, Service> services = read(KindTable.SERVICE, ModelReader::service, batch);
    Map<ObjectName, Node> nodes = read(KindTable.NODE, ModelReader::node, batch);
    Map<ObjectName, EndpointSlice> slices =
        read(KindTable.ENDPOINT_SLICE, ModelReader::endpointSlice, batch);
    List<EndpointSlice> all = new ArrayList<>(slices.values());
    for (ObjectNode planned : batch) {
      if (isOf(KindTable.SERVICE, planned)) {
        all.add(expected(ModelReader.service(stored(KindTable.SERVICE, planned)), pods));
      }
    }
    return new State(pods.values(), nodes.values(), services.values(), all);
  }

  /** The endpoints that a Service of the batch will have. */
  private static EndpointSlice expected(Service service, Map<ObjectName, Pod> pods) {
    List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
    for (Pod pod : pods.values()) {
      boolean selected =
          !service.selector().isEmpty()
              && pod.key().namespace().equals(service.key().namespace())
              && pod.labels().entrySet().containsAll(service.selector().entrySet());
      if (selected) {
        endpoints.add(
            new EndpointSlice.Endpoint(
                pod.podIps(), true, true, false, null, pod.nodeName(), pod.key().name()));
      }
    }
    return new EndpointSlice(service.key(), service.key().name(), List.of(), endpoints);
  }

  private <T extends ModelObject> Map<ObjectName, T> read(
      Kind kind, Function<StoredObject, T> reader, List<ObjectNode> batch) {
    Map<ObjectName, T> objects = new HashMap<>();
    for (StoredObject stored : store.list(kind.resource(), "").objects()) {
      T object = reader.apply(stored);
      objects.put(object.key(), object);
    }
    for (ObjectNode planned : batch) {
      if (isOf(kind, planned)) {
        T object = reader.apply(stored(kind, planned));
        objects.putIfAbsent(object.key(), object);
      }
    }
    return objects;
  }

  private static StoredObject stored(Kind kind, ObjectNode planned) {
    ObjectNode metadata = (ObjectNode) planned.path("metadata");
    ResourceKey key = kind.key(metadata.path("namespace").asText(), metadata.path("name").asText());
    return new StoredObject(key, ManifestJson.toStored(planned), 0);
  }

  private static boolean isOf(Kind kind, ObjectNode manifest) {
    return kind.name().equals(manifest.path("kind").asText())
        && kind.apiVersion().equals(manifest.path("apiVersion").asText());
  }
}
