package io.podwire.agent.pod;

import io.podwire.cluster.model.Container;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a container runs: command, variables and working directory with everything expanded.
 *
 * @param directory empty for the root
 */
public record ContainerProgram(
    List<String> command, Map<String, String> environment, String directory) {

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  public ContainerProgram {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Fails with {@link UnrunnableException} where nothing says what to run. */
  static ContainerProgram of(
      Container container, String hostname, BuiltInImages images, Path fifo) {
    Map<String, String> own = Variables.expandAll(container.env());
    List<String> command = new ArrayList<>();
    if (container.command().isEmpty()) {
      command.addAll(
          images
              .entryPoint(container.image(), fifo)
              .orElseThrow(() -> unknownImage(container, images)));
      if (container.args().isEmpty()) {
        command.addAll(images.defaultArguments(container.image()));
      }
    } else {
      expandInto(command, container.command(), own);
    }
    expandInto(command, container.args(), own);
    return new ContainerProgram(command, environment(own, hostname), container.workingDir());
  }

  /** As above with another command, for programs started beside the container's own. */
  static ContainerProgram beside(Container container, String hostname, List<String> command) {
    return new ContainerProgram(
        command,
        environment(Variables.expandAll(container.env()), hostname),
        container.workingDir());
  }

  private static void expandInto(
      List<String> target, List<String> words, Map<String, String> variables) {
    words.forEach(word -> target.add(Variables.expand(word, variables)));
  }

  private static Map<String, String> environment(Map<String, String> own, String hostname) {
    Map<String, String> all = new HashMap<>();
    all.put("PATH", System.getenv().getOrDefault("PATH", DEFAULT_PATH));
    all.put("HOME", System.getenv().getOrDefault("HOME", "/root"));
    all.put("HOSTNAME", hostname);
    all.putAll(own);
    return all;
  }

  private static UnrunnableException unknownImage(Container container, BuiltInImages images) {
    return new UnrunnableException(
        "ErrImagePull",
        "container "
            + container.name()
            + ": image '"
            + container.image()
            + "' is not built in; give the container a command, or use one of: "
            + images.names());
  }
}
