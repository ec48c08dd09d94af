package io.podwire.testkit.testcontainers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podwire.testkit.cluster.ClusterFailure;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/**
 * The images of a cluster's programs, as docker/build.sh makes them. Immutable.
 *
 * @param controlPlane control plane, with ZooKeeper inside
 * @param dnsServer DNS server
 * @param nodeAgent a node
 * @param sandbox what holds the network of a Pod whose workload is another container
 */
public record PodwireImages(
    String controlPlane, String dnsServer, String nodeAgent, String sandbox) {
  private static final String TAG_VARIABLE = "PODWIRE_TAG";
  private static final String TAG_PROPERTY = "podwire.images.tag";

  /**
   * {@code podwire/…} with the tag of the system property {@code podwire.images.tag}, else of the
   * environment variable {@code PODWIRE_TAG}, else {@code local}.
   */
  public static PodwireImages standard() {
    String variable = System.getenv(TAG_VARIABLE);
    String tag = variable == null || variable.isEmpty() ? "local" : variable;
    return tagged(System.getProperty(TAG_PROPERTY, tag));
  }

  /** {@code podwire/…} with this tag. */
  public static PodwireImages tagged(String tag) {
    return new PodwireImages(
        "podwire/control-plane:" + tag,
        "podwire/dns-server:" + tag,
        "podwire/node-agent:" + tag,
        "podwire/sandbox:" + tag);
  }

  /**
   * Looks whether all of them are there.
   *
   * @throws ClusterFailure where Docker does not answer, or with those that are missing
   */
  void check() {
    List<String> missing = new ArrayList<>();
    DockerClient docker = docker();
    for (String image : List.of(controlPlane, dnsServer, nodeAgent, sandbox)) {
      try {
        docker.inspectImageCmd(image).exec();
      } catch (NotFoundException absent) {
        missing.add(image);
      } catch (DockerException failure) {
        throw new ClusterFailure("Docker cannot tell of " + image + ": " + failure.getMessage());
      }
    }
    if (!missing.isEmpty()) {
      throw new ClusterFailure(
          "missing images: "
              + String.join(", ", missing)
              + ": build them with docker/build.sh (PODWIRE_TAG=TAG for another tag than local),"
              + " or pull them from where they are kept");
    }
  }

  /** A client of the engine that Testcontainers has found. */
  static DockerClient docker() {
    try {
      return DockerClientFactory.instance().client();
    } catch (IllegalStateException absent) {
      throw new ClusterFailure(
          "Docker does not answer: start it, or set DOCKER_HOST (" + absent.getMessage() + ")",
          absent);
    }
  }
}
