package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.FaultRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What the kinds of faults share: their manifests are validated by being read, they are stored as
 * they are written, and they do not change.
 */
abstract class FaultRules implements KindRules {

  private final String kindName;
  private final Schema specSchema;

  FaultRules(String kindName, Class<?> specShape) {
    this.kindName = kindName;
    this.specSchema = Schema.of(specShape);
  }

  /** Reads a manifest; what is absent or wrong reads as its default, and is reported. */
  abstract FaultRequest read(Field manifest, FaultInput input);

  @Override
  public final void initialize(ObjectNode manifest) {
    manifest.putObject("status").put("phase", FaultStatus.PENDING);
  }

  @Override
  public final void validate(Field manifest, KindContext context, Problems problems) {
    Field spec = manifest.at("spec");
    if (!spec.isPresent()) {
      problems.required(spec, "write what the fault does, and to whom");
      return;
    }
    // Values first: what they say of a field that is known elsewhere is more than "no such field".
    read(manifest, new FaultInput(problems, new ArrayList<>()));
    // A field that is not known would leave out a part of the fault: an error, whatever the client
    // wants unknown fields to be.
    specSchema.check(spec, problems, new Problems());
  }

  @Override
  public final void warn(Field manifest, List<String> warnings) {
    read(manifest, new FaultInput(new Problems(), warnings));
  }

  @Override
  public final void validateUpdate(Field before, Field after, Problems problems) {
    Field oldSpec = before.at("spec");
    Field newSpec = after.at("spec");
    Set<String> names = new LinkedHashSet<>();
    for (Field spec : List.of(oldSpec, newSpec)) {
      if (spec.node() instanceof ObjectNode members) {
        members.fieldNames().forEachRemaining(names::add);
      }
    }
    for (String name : names) {
      if (!Objects.equals(oldSpec.at(name).node(), newSpec.at(name).node())) {
        problems.forbidden(
            newSpec.at(name),
            "a " + kindName + " does not change once it is there; delete it and create it anew");
      }
    }
  }
}
