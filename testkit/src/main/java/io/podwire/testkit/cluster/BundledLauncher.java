package io.podwire.testkit.cluster;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Optional;

/** The launcher of the artifact {@code dist}, where that is on the class path. */
final class BundledLauncher {
  private static final String DISTRIBUTION = "io.podwire.dist.Distribution";

  private BundledLauncher() {}

  /** Unpacks the programs where that is not done yet; empty without the artifact. */
  static Optional<Path> find() {
    try {
      return Optional.of((Path) Class.forName(DISTRIBUTION).getMethod("launcher").invoke(null));
    } catch (ClassNotFoundException absent) {
      return Optional.empty();
    } catch (InvocationTargetException failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      throw new ClusterFailure(
          "Podwire's programs cannot be unpacked: " + cause.getMessage(), cause);
    } catch (ReflectiveOperationException odd) {
      throw new ClusterFailure(
          "the artifact io.podwire:dist is of another version than io.podwire:testkit: use one",
          odd);
    }
  }
}
