package io.podwire.testkit.cluster;

import io.podwire.dist.Distribution;
import io.podwire.dist.DistributionUnavailable;
import java.nio.file.Path;

/** The launcher of the artifact {@code dist}. */
final class BundledLauncher {

  private BundledLauncher() {}

  /** Unpacks the programs where that is not done yet. */
  static Path find() {
    try {
      return Distribution.launcher();
    } catch (DistributionUnavailable failure) {
      throw new ClusterFailure(String.valueOf(failure.getMessage()), failure);
    }
  }
}
