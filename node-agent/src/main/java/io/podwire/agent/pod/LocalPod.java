package io.podwire.agent.pod;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.Pod;
import java.util.List;
import java.util.Optional;

/**
 * A moment's view of a Pod of this node, for running programs in it and reading its logs.
 *
 * <p>Immutable and thread-safe.
 *
 * @param hostname what its kernel calls it
 * @param sandbox empty where nothing can run: before it is made, and after the Pod has ended
 */
public record LocalPod(
    Pod pod, String hostname, Optional<PodSandbox> sandbox, PodFolder folder, List<Run> runs) {

  public LocalPod {
    runs = List.copyOf(runs);
  }

  /**
   * How far a container is.
   *
   * @param number of the run under way, or of the next where it waits to be started; from 0
   * @param running whether that run is under way
   */
  public record Run(String container, int number, boolean running) {}

  /** The container of that name; the first where the name is empty. */
  public Optional<Container> container(String name) {
    return pod.spec().containers().stream()
        .filter(container -> name.isEmpty() || container.name().equals(name))
        .findFirst();
  }

  public Optional<Run> run(Container container) {
    return runs.stream().filter(run -> run.container().equals(container.name())).findFirst();
  }

  /** A program to run beside the container's own, with the container's variables and directory. */
  public ContainerProgram program(Container container, List<String> command) {
    return ContainerProgram.beside(container, hostname, command);
  }
}
