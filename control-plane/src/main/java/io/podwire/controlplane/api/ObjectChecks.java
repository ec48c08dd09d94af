package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.fault.FaultAdmission;
import io.podwire.controlplane.kind.FaultReader;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindContext;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.NameForm;
import io.podwire.controlplane.kind.Problem;
import io.podwire.controlplane.kind.Problems;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Everything that is checked before an object is written. Thread-safe. */
final class ObjectChecks {

  private final Store store;
  private final KindContext context;
  private final FaultAdmission faults;

  ObjectChecks(Store store, KindContext context) {
    this.store = store;
    this.context = context;
    this.faults = new FaultAdmission(store);
  }

  /** Checks the shape of what the client sent. */
  static void shape(
      Kind kind,
      ObjectNode manifest,
      FieldValidation validation,
      Problems problems,
      List<String> warnings) {
    Problems unknown = new Problems();
    kind.schema().check(Field.root(manifest), unknown, problems);
    switch (validation) {
      case STRICT -> problems.addAll(unknown);
      case WARN -> unknown.found().stream().map(Problem::message).forEach(warnings::add);
      case IGNORE -> {}
    }
  }

  /** Checks the values of the whole object, and what changed where there is a version before. */
  void values(
      Kind kind,
      @Nullable ObjectNode before,
      ObjectNode after,
      Problems problems,
      List<String> warnings) {
    if (before != null) {
      kind.rules().validateUpdate(Field.root(before), Field.root(after), problems);
    }
    kind.validate(after, context, problems);
    kind.rules().warn(Field.root(after), warnings);
  }

  /**
   * Reports what speaks against a new fault, where nothing else does.
   *
   * @param batch manifests that are applied together with it
   */
  void fault(Kind kind, ObjectNode manifest, List<ObjectNode> batch, Problems problems) {
    if (FaultReader.isFault(kind) && problems.isEmpty()) {
      faults.check(kind, manifest, batch, problems);
    }
  }

  /** Shows in a manifest that is not written what a fault would act on. */
  void describeFault(Kind kind, ObjectNode manifest, String now) {
    if (FaultReader.isFault(kind)) {
      faults.describe(kind, manifest, now);
    }
  }

  /** Reports a namespace that does not exist, or is going away, unless the batch makes it. */
  void namespace(Kind kind, Field manifest, Predicate<String> madeByBatch, Problems problems) {
    Field namespace = manifest.at("metadata", "namespace");
    String name = namespace.text();
    if (!kind.namespaced() || name == null || madeByBatch.test(name)) {
      return;
    }
    // A name that is none has been reported, and must not reach the registry's paths.
    var stored =
        NameForm.DNS_LABEL.matches(name)
            ? store.get(KindTable.NAMESPACE.key("", name))
            : Optional.<StoredObject>empty();
    if (stored.isEmpty()) {
      problems.add(
          Problem.Reason.NOT_FOUND,
          namespace,
          "'" + name + "' is no namespace; create it first, or put a Namespace in the same file");
    } else if (isTerminating(ManifestJson.read(stored.get()))) {
      problems.forbidden(
          namespace, "'" + name + "' is being deleted; wait until it is gone, or take another");
    }
  }

  /** The Pods of a namespace. */
  List<ObjectNode> pods(String namespace) {
    return store.list(KindTable.POD.resource(), namespace).objects().stream()
        .map(ManifestJson::read)
        .toList();
  }

  /** Warns of a selector that matches none of the Pods. */
  static void selector(ObjectNode service, Iterable<ObjectNode> pods, List<String> warnings) {
    Field selector = Field.root(service).at("spec", "selector");
    String namespace = Field.root(service).at("metadata", "namespace").textOr("");
    if (!selector.isGiven()) {
      return;
    }
    LabelSelector labels = LabelSelector.ofMap(selector);
    for (ObjectNode pod : pods) {
      if (labels.matches(pod)) {
        return;
      }
    }
    warnings.add(
        "spec.selector: "
            + selector.shown()
            + " matches no Pod in namespace "
            + namespace
            + "; connections to the Service are refused until one does");
  }

  /** Reports addresses that the manifest names and another object holds. */
  void claims(Kind kind, ObjectNode manifest, Set<Claim> held, Problems problems) {
    for (Claim claim : kind.rules().claims(manifest)) {
      ResourceKey owner =
          held.contains(claim) ? null : store.claims(claim.pool()).get(claim.value());
      if (owner != null && !owner.equals(key(kind, manifest))) {
        problems.invalid(
            claimField(claim, manifest),
            "'"
                + claim.value()
                + "' is held by "
                + owner
                + "; choose another, or leave the field out to get a free one");
      }
    }
  }

  static Field claimField(Claim claim, ObjectNode manifest) {
    Field spec = Field.root(manifest).at("spec");
    return switch (claim.pool()) {
      case Claim.CLUSTER_IPS -> spec.at("clusterIP");
      case Claim.POD_CIDRS -> spec.at("podCIDR");
      default ->
          spec.at("ports").items().stream()
              .map(port -> port.at("nodePort"))
              .filter(port -> claim.value().equals(String.valueOf(port.number())))
              .findFirst()
              .orElse(spec.at("healthCheckNodePort"));
    };
  }

  static boolean isTerminating(ObjectNode manifest) {
    return Field.root(manifest).at("metadata", "deletionTimestamp").isPresent();
  }

  /** Whether the manifest's names are such that the registry may be asked for it. */
  static boolean isAddressable(Kind kind, ObjectNode manifest) {
    ResourceKey key = key(kind, manifest);
    return isAddressable(kind, key);
  }

  static boolean isAddressable(Kind kind, ResourceKey key) {
    return kind.nameForm().matches(key.name())
        && (!kind.namespaced() || NameForm.DNS_LABEL.matches(key.namespace()));
  }

  /** The object's key as its manifest says it. */
  static ResourceKey key(Kind kind, ObjectNode manifest) {
    Field metadata = Field.root(manifest).at("metadata");
    return kind.key(metadata.at("namespace").textOr(""), metadata.at("name").textOr(""));
  }
}
