package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pod (core/v1). */
final class PodRules implements KindRules {

  private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
  private static final List<String> MUTABLE_SPEC_FIELDS =
      List.of("activeDeadlineSeconds", "tolerations");
  private static final List<String> WITHOUT_EFFECT =
      List.of("initContainers", "ephemeralContainers", "volumes", "affinity");

  private PodRules() {}

  static Kind kind() {
    return new Kind(
        "",
        "v1",
        "Pod",
        "pods",
        "pod",
        List.of("po"),
        List.of("all"),
        true,
        true,
        NameForm.DNS_SUBDOMAIN,
        Schema.of(Pod.class),
        new MergeKeys(
            Map.of(
                "spec.containers", List.of(MergeKeys.Key.of("name")),
                "spec.initContainers", List.of(MergeKeys.Key.of("name")),
                "spec.containers.env", List.of(MergeKeys.Key.of("name")),
                "spec.containers.volumeMounts", List.of(MergeKeys.Key.of("mountPath")),
                "spec.containers.ports",
                    List.of(
                        MergeKeys.Key.of("containerPort"), new MergeKeys.Key("protocol", "TCP")),
                "spec.volumes", List.of(MergeKeys.Key.of("name")),
                "spec.hostAliases", List.of(MergeKeys.Key.of("ip")),
                "spec.imagePullSecrets", List.of(MergeKeys.Key.of("name")))),
        new PodRules());
  }

  @Override
  public void setDefaults(ObjectNode manifest) {
    ObjectNode spec = Manifests.child(manifest, "spec");
    Manifests.setDefault(spec, "restartPolicy", "Always");
    Manifests.setDefault(spec, "terminationGracePeriodSeconds", PodReader.DEFAULT_GRACE_PERIOD);
    Manifests.setDefault(spec, "dnsPolicy", "ClusterFirst");
    Manifests.objects(spec, "containers").forEach(ContainerRules::setDefaults);
  }

  @Override
  public void initialize(ObjectNode manifest) {
    manifest.putObject("status").put("phase", "Pending");
  }

  @Override
  public void validate(Field manifest, KindContext context, Problems problems) {
    Field spec = manifest.at("spec");
    List<Field> containers = spec.at("containers").items();
    if (containers.isEmpty()) {
      problems.required(
          spec.at("containers"), "write at least one container with a name and an image");
    }
    containers.forEach(container -> ContainerRules.validate(container, problems));
    PortRules.uniqueText(containers, "name", problems);
    PortRules.oneOf(spec.at("restartPolicy"), RESTART_POLICIES, problems);
    Integer grace = spec.at("terminationGracePeriodSeconds").number();
    if (grace != null && grace < 0) {
      problems.invalid(
          spec.at("terminationGracePeriodSeconds"),
          grace + " is negative; write 0 or more seconds");
    }
    LabelRules.check(spec.at("nodeSelector"), problems);
    NameForm.DNS_SUBDOMAIN.check(spec.at("nodeName"), problems);
    NameForm.DNS_LABEL.check(spec.at("hostname"), problems);
    NameForm.DNS_LABEL.check(spec.at("subdomain"), problems);
    ResolutionRules.validate(spec, problems);
  }

  @Override
  public void validateUpdate(Field before, Field after, Problems problems) {
    Field oldSpec = before.at("spec");
    Field newSpec = after.at("spec");
    if (!(mutableCleared(oldSpec) instanceof ObjectNode oldRest)
        || !(mutableCleared(newSpec) instanceof ObjectNode newRest)
        || oldRest.equals(newRest)) {
      return;
    }
    List<String> changed = new ArrayList<>();
    newRest
        .properties()
        .forEach(entry -> {
          if (!entry.getValue().equals(oldRest.get(entry.getKey()))) {
            changed.add(entry.getKey());
          }
        });
    oldRest
        .properties()
        .forEach(entry -> {
          if (!newRest.has(entry.getKey())) {
            changed.add(entry.getKey());
          }
        });
    for (String field : changed) {
      problems.forbidden(
          newSpec.at(field),
          "a Pod's spec does not change but for containers[*].image, activeDeadlineSeconds and "
              + "tolerations; delete the Pod and create it anew");
    }
  }

  @Override
  public void warn(Field manifest, List<String> warnings) {
    Field spec = manifest.at("spec");
    for (String name : WITHOUT_EFFECT) {
      if (spec.at(name).isGiven()) {
        warnings.add(spec.at(name).path() + ": is kept, but has no effect here");
      }
    }
    for (Field container : spec.at("containers").items()) {
      ContainerRules.warn(container, warnings);
    }
  }

  /** The spec without what may change. */
  private static @Nullable JsonNode mutableCleared(Field spec) {
    if (!(spec.node() instanceof ObjectNode node)) {
      return null;
    }
    ObjectNode copy = node.deepCopy();
    copy.remove(MUTABLE_SPEC_FIELDS);
    for (String list : List.of("containers", "initContainers")) {
      Manifests.objects(copy, list).forEach(container -> container.remove("image"));
    }
    return copy;
  }
}
