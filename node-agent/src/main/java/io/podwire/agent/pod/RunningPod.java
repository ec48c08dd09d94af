package io.podwire.agent.pod;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.Pod;
import java.util.List;
import java.util.Optional;

/**
 * A moment's view of a Pod whose sandbox is up, for running programs in it and reading its logs.
 *
 * <p>Immutable and thread-safe.
 */
public record RunningPod(Pod pod, PodSandbox sandbox, PodFolder folder, List<Run> runs) {

  public RunningPod {
    runs = List.copyOf(runs);
  }

  /** Which run of a container is under way or was the last, counted from 0. */
  public record Run(String container, int number) {}

  /** The container of that name; the first where the name is empty. */
  public Optional<Container> container(String name) {
    return pod.spec().containers().stream()
        .filter(container -> name.isEmpty() || container.name().equals(name))
        .findFirst();
  }

  /** A program to run beside the container's own, with the container's variables and directory. */
  public ContainerProgram program(Container container, List<String> command) {
    return ContainerProgram.beside(
        container, EtcFiles.hostname(pod.spec().hostname(), pod.key().name()), command);
  }
}
