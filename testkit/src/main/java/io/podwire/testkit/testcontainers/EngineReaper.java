package io.podwire.testkit.testcontainers;

import io.podwire.testkit.cluster.Reaper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * Removes what a killed test's JVM has left on the engine, where Testcontainers' own Ryuk is
 * switched off; by the command docker, where that is installed.
 */
final class EngineReaper {
  private static final String SCRIPT =
      """
      rm -rf "$2"
      left=10
      while
        for what in container network volume; do
          for each in $(docker $what ls -q $([ $what != container ] || echo -a) --filter "label=$1"); do
            case $what in
              container) docker rm -f -v "$each" ;;
              *) docker $what rm "$each" ;;
            esac
          done
        done
        [ "$(docker ps -aq --filter "label=$1"; docker network ls -q --filter "label=$1")" ]
      do
        left=$((left - 1))
        [ "$left" -gt 0 ] || exit 1
        sleep 1
      done
      """;

  private final @Nullable Reaper reaper;

  private EngineReaper(@Nullable Reaper reaper) {
    this.reaper = reaper;
  }

  /** Watches from now on. */
  static EngineReaper start(Path folder) {
    if (!Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))) {
      return new EngineReaper(null);
    }
    String engine = DockerClientFactory.instance().getTransportConfig().getDockerHost().toString();
    String label =
        DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL + "=" + DockerClientFactory.SESSION_ID;
    return new EngineReaper(
        Reaper.start(SCRIPT, Map.of("DOCKER_HOST", engine), List.of(label, folder.toString())));
  }

  void dismiss() {
    if (reaper != null) {
      reaper.dismiss();
    }
  }
}
