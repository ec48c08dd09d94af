package io.podwire.dist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Podwire's programs for who has nothing but Maven artifacts. They need Linux and a JDK 25 of the
 * machine, which the launcher looks for; this class runs on Java 17. Thread-safe.
 */
public final class Distribution {
  /** The environment's variable for a Podwire that is there, or for where to unpack this one. */
  public static final String LOCATION = "PODWIRE_DIST";

  private Distribution() {}

  /**
   * The path of the launcher {@code podwire}: {@link #launcher(Map)} by this JVM's environment.
   *
   * @throws DistributionUnavailable if the programs are not there and cannot be unpacked
   */
  public static Path launcher() {
    return launcher(System.getenv());
  }

  /**
   * The path of the launcher {@code podwire}, absolute. Where {@value #LOCATION} is the folder of a
   * release or of the source tree, the launcher is that one's. Else the programs of this artifact
   * are unpacked into {@code VERSION-HASH} below {@value #LOCATION}, {@code
   * $XDG_CACHE_HOME/podwire} or {@code ~/.cache/podwire}, if they are not there yet. Any number of
   * JVMs may do so at once.
   *
   * @throws DistributionUnavailable if the programs are not there and cannot be unpacked
   */
  public static Path launcher(Map<String, String> environment) {
    String location = environment.getOrDefault(LOCATION, "");
    if (!location.isEmpty()) {
      Path folder = Path.of(location).toAbsolutePath().normalize();
      for (Path launcher : new Path[] {folder.resolve("bin/podwire"), folder.resolve("podwire")}) {
        if (Files.isRegularFile(launcher)) {
          return launcher;
        }
      }
    }
    return ProgramArchive.bundled().unpackedBelow(cache(environment)).resolve("bin/podwire");
  }

  /** Where programs are unpacked: XDG Base Directory Specification 0.8, section 3. */
  static Path cache(Map<String, String> environment) {
    String location = environment.getOrDefault(LOCATION, "");
    if (!location.isEmpty()) {
      return Path.of(location).toAbsolutePath().normalize();
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    // A relative path is to be ignored.
    if (caches.startsWith("/")) {
      return Path.of(caches, "podwire");
    }
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home, ".cache", "podwire")
        .toAbsolutePath();
  }
}
