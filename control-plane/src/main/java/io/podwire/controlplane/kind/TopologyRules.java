package io.podwire.controlplane.kind;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which endpoints of a Service are preferred: {@code trafficDistribution} and topology-mode. */
final class TopologyRules {

  static final String PREFER_CLOSE = "PreferClose";
  static final String PREFER_SAME_ZONE = "PreferSameZone";
  static final String PREFER_SAME_NODE = "PreferSameNode";

  /** The annotation that asks for endpoints in proportion to the zones' sizes. */
  static final String MODE = "service.kubernetes.io/topology-mode";

  private TopologyRules() {}

  static boolean isAuto(@Nullable String mode) {
    return "Auto".equals(mode) || "auto".equals(mode);
  }

  static void validate(Field spec, Problems problems) {
    PortRules.oneOf(
        spec.at("trafficDistribution"),
        List.of(PREFER_CLOSE, PREFER_SAME_ZONE, PREFER_SAME_NODE),
        problems);
  }

  static void warn(Field manifest, List<String> warnings) {
    Field mode = manifest.at("metadata", "annotations").at(MODE);
    Field field = manifest.at("spec", "trafficDistribution");
    if (isAuto(mode.text()) && field.isGiven()) {
      warnings.add(field.path() + ": is ignored because of the annotation " + MODE);
    }
  }
}
