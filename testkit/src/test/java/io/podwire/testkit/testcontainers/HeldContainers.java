package io.podwire.testkit.testcontainers;

import java.util.concurrent.CountDownLatch;
import org.testcontainers.DockerClientFactory;

/** Starts a cluster with a Pod's sandbox in it, and holds it until it is killed. */
final class HeldContainers {
  static final String SESSION = "session ";

  private HeldContainers() {}

  /** Says on standard output under which label its containers are. */
  public static void main(String[] arguments) throws InterruptedException {
    PodwireCluster cluster = new PodwireCluster(1).withImages(Engine.images());
    cluster.start();
    cluster.pod("held");
    System.out.println(SESSION + DockerClientFactory.SESSION_ID);
    new CountDownLatch(1).await();
  }
}
