package io.podwire.agent.pod;

import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodStatus.ContainerStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a Pod has ended for good, kept so that a later agent does not run it again. */
record PodOutcome(PodPhase phase, String reason, String message, List<ContainerStatus> containers) {

  PodOutcome {
    containers = List.copyOf(containers);
  }

  void write(Path file) {
    Map<String, String> values = new HashMap<>();
    values.put("phase", phase.text());
    values.put("reason", reason);
    values.put("message", message);
    values.put("containers", Integer.toString(containers.size()));
    for (int i = 0; i < containers.size(); i++) {
      ContainerStatus container = containers.get(i);
      values.put(i + ".name", container.name());
      values.put(i + ".restarts", Integer.toString(container.restartCount()));
      values.put(i + ".exitCode", Integer.toString(container.exitCode()));
      values.put(i + ".reason", container.reason());
    }
    StateFile.write(file, values);
  }

  /** Empty where the Pod has not ended. */
  static Optional<PodOutcome> read(Path file) {
    return StateFile.read(file)
        .map(values -> {
          List<ContainerStatus> containers = new ArrayList<>();
          int count = Integer.parseInt(values.getOrDefault("containers", "0"));
          for (int i = 0; i < count; i++) {
            containers.add(
                new ContainerStatus(
                    values.getOrDefault(i + ".name", ""),
                    false,
                    false,
                    Integer.parseInt(values.getOrDefault(i + ".restarts", "0")),
                    Integer.parseInt(values.getOrDefault(i + ".exitCode", "-1")),
                    values.getOrDefault(i + ".reason", "")));
          }
          return new PodOutcome(
              PodPhase.of(values.getOrDefault("phase", "")),
              values.getOrDefault("reason", ""),
              values.getOrDefault("message", ""),
              containers);
        });
  }
}
