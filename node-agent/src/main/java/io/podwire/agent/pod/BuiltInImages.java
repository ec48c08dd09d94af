package io.podwire.agent.pod;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The images that need no registry: programs of our own runtime.
 *
 * <p>Immutable.
 */
public final class BuiltInImages {

  private static final List<String> SMALL_JVM =
      List.of(
          JavaRuntime.FIRST_COMPILER,
          "-XX:ReservedCodeCacheSize=24m",
          "-Xms8m",
          "-Xmn4m",
          "-Xmx128m",
          "-XX:MaxDirectMemorySize=64m");
  // Ends at once when asked to; otherwise waits on a pipe that nobody writes to.
  private static final List<String> PAUSE =
      List.of(
          "/bin/sh",
          "-c",
          "trap 'exit 0' TERM INT; exec 3<>\"$0\"; while :; do read -r x <&3; done");

  private static final String AGNHOST = "podwire/agnhost";

  private final Map<String, List<String>> entryPoints = new TreeMap<>();

  private BuiltInImages(Map<String, List<String>> entryPoints) {
    this.entryPoints.putAll(entryPoints);
  }

  /**
   * Programs that run on this JVM's own Java, without start caches.
   *
   * @param classpath holds their classes
   */
  public static BuiltInImages onClasspath(String classpath) {
    return on(JavaRuntime.of(classpath, null));
  }

  /** Programs that run on this Java. */
  public static BuiltInImages on(JavaRuntime runtime) {
    return new BuiltInImages(
        Map.of(
            AGNHOST,
            runtime.command("agnhost", "io.podwire.agnhost.Agnhost", SMALL_JVM),
            "podwire/dns-server",
            runtime.command("dns-server", "io.podwire.dns.boot.DnsServer", SMALL_JVM),
            "podwire/pause",
            PAUSE));
  }

  /**
   * What an image runs before the container's arguments; a registry's name in front and a tag
   * behind do not matter.
   *
   * @param fifo a named pipe that nobody writes to
   */
  Optional<List<String>> entryPoint(String image, Path fifo) {
    String name = plainName(image);
    List<String> command = entryPoints.get(name);
    if (command == null) {
      return Optional.empty();
    }
    if (!command.equals(PAUSE)) {
      return Optional.of(command);
    }
    List<String> waiting = new ArrayList<>(command);
    waiting.add(fifo.toString());
    return Optional.of(waiting);
  }

  /** What a container that names no arguments gives the entry point, as an image's CMD does. */
  List<String> defaultArguments(String image) {
    return plainName(image).equals(AGNHOST) ? List.of("pause") : List.of();
  }

  private static String plainName(String image) {
    int digest = image.indexOf('@');
    String name = digest < 0 ? image : image.substring(0, digest);
    int tag = name.lastIndexOf(':');
    if (tag > name.lastIndexOf('/')) {
      name = name.substring(0, tag);
    }
    int own = name.indexOf("podwire/");
    return own > 0 && name.charAt(own - 1) == '/' ? name.substring(own) : name;
  }

  /** For messages: their names. */
  String names() {
    return String.join(", ", entryPoints.keySet());
  }
}
