package io.podwire.testkit.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.Fault;
import io.podwire.testkit.cluster.FaultSpec;
import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.ServiceSpec;
import io.podwire.testkit.topology.Topology;
import io.podwire.client.socket.PodSockets;
import java.sql.*;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

class PodwireClusterIT {

  @Test
  void shouldStart() throws Exception {
    try (PodwireCluster podwire =
        new PodwireCluster(
                Topology.nodes(3)
                    .pods(PodSpec.idle("client").on(1))
                    .services(ServiceSpec.of("redis").port(6379, 6379), ServiceSpec.of("db").port(5432, 5432)))
            .withImages(PodwireImages.tagged("containers"))) {
      podwire.start();
      System.out.println("START " + podwire.startTook());
      long t = System.nanoTime();
      String mode = podwire.pod(ContainerPod.of("db").on(2));
      System.out.println("SANDBOX " + mode + " " + (System.nanoTime() - t) / 1000000);
      t = System.nanoTime();
      String mode2 = podwire.pod("redis");
      System.out.println("SANDBOX2 " + mode2 + " " + (System.nanoTime() - t) / 1000000);
      Cluster c = podwire.cluster();
      System.out.println(c.pod("db").object());
      System.out.println(c.api().get("/api/v1/nodes").toString().length());
      try (GenericContainer<?> db = new GenericContainer<>(DockerImageName.parse("podwire/example-postgresql:containers")).withNetworkMode(mode);
      GenericContainer<?> redis = new GenericContainer<>(DockerImageName.parse("podwire/example-redis:containers")).withNetworkMode(mode2)) {
      t = System.nanoTime();
        db.start();
        redis.start();
        System.out.println("DB " + (System.nanoTime() - t) / 1000000);
        c.service("db").awaitReady();
        c.service("redis").awaitReady();
        System.out.println("READY " + (System.nanoTime() - t) / 1000000);
        System.out.println(db.execInContainer("cat", "/etc/hosts", "/etc/resolv.conf", "/etc/hostname").getStdout());
        try (PodSockets sockets = c.pod("client").sockets()) {
           var s = sockets.socketFactory().createSocket("redis", 6379);
           s.getOutputStream().write("PING\r\n".getBytes());
           byte[] b = new byte[100];
           System.out.println(new String(b, 0, s.getInputStream().read(b)));
        }
      }
    }
  }
}
