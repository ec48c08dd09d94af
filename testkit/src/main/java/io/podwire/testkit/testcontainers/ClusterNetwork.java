package io.podwire.testkit.testcontainers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network.Ipam;
import io.podwire.packet.addr.Cidr;
import io.podwire.testkit.cluster.ClusterFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.testcontainers.utility.ResourceReaper;

/**
 * A Docker network of a cluster's own, whose addresses are known before there is a container.
 *
 * @param id Docker's
 * @param cidr its subnet; {@code .1} is the host
 */
record ClusterNetwork(String id, Cidr cidr) {
  /** Outside Docker's own pools, and apart from the default networks of Pods and Services. */
  private static final String PREFIX = "10.231.";

  private static final int SUBNETS = 256;
  private static final String MTU = "com.docker.network.driver.mtu";

  /**
   * Makes one.
   *
   * @param name for who looks at Docker's list
   * @param wanted a subnet, or none for one that is free
   */
  static ClusterNetwork create(String name, List<String> wanted) {
    DockerClient docker = PodwireImages.docker();
    List<String> candidates = wanted.isEmpty() ? candidates() : wanted;
    String refusal = "";
    for (String subnet : candidates) {
      try {
        // Docker itself refuses one that another network has: whoever comes first has it.
        String id =
            docker
                .createNetworkCmd()
                .withName(name)
                .withDriver("bridge")
                .withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(subnet)))
                .withOptions(Map.of(MTU, "1500"))
                .withLabels(ResourceReaper.instance().getLabels())
                .exec()
                .getId();
        return new ClusterNetwork(id, Cidr.parse(subnet));
      } catch (DockerException taken) {
        refusal = String.valueOf(taken.getMessage()).strip();
        if (!refusal.contains("overlap")) {
          break;
        }
      }
    }
    throw new ClusterFailure("Docker makes no network for the cluster: " + refusal);
  }

  private static List<String> candidates() {
    List<String> candidates = new ArrayList<>();
    for (int number = 0; number < SUBNETS; number++) {
      candidates.add(PREFIX + number + ".0/24");
    }
    // Those who start at the same time rarely ask for the same.
    Collections.shuffle(candidates);
    return candidates;
  }

  /** The address of this number. */
  String address(int number) {
    return cidr.address(number).toString();
  }

  void remove() {
    PodwireImages.docker().removeNetworkCmd(id).exec();
  }
}
