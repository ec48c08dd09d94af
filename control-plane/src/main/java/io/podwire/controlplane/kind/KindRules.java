package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Claim;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What is particular to one kind. Implementations hold no state. */
public interface KindRules {

  /** Fills in absent fields; idempotent. */
  default void setDefaults(ObjectNode manifest) {}

  /** Sets what the server alone decides on at creation, such as the first status. */
  default void initialize(ObjectNode manifest) {
    manifest.remove("status");
  }

  /** Reports wrong values; fields of the wrong type read as absent. */
  void validate(Field manifest, KindContext context, Problems problems);

  /** Keeps what the server allocated and the new manifest does not mention. */
  default void carryOver(ObjectNode before, ObjectNode after) {}

  /** Reports changes of fields that must not change. */
  default void validateUpdate(Field before, Field after, Problems problems) {}

  /** Says what is accepted but has no effect. */
  default void warn(Field manifest, List<String> warnings) {}

  /** The addresses that the manifest holds. */
  default Set<Claim> claims(ObjectNode manifest) {
    return Set.of();
  }

  /** Reports a field that is given now, was given before, and differs. */
  static void immutable(Field before, Field after, Problems problems) {
    if (before.isGiven() && !Objects.equals(before.node(), after.node())) {
      problems.invalid(
          after,
          after.shown()
              + " is a change of "
              + before.shown()
              + ", but the field is immutable; delete the object and create it anew");
    }
  }
}
