package com.example.shop;

import static io.podwire.packet.TcpFlags.SYN;
import static io.podwire.testkit.assertion.PacketPattern.tcp;
import static io.podwire.testkit.assertion.PacketPattern.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podwire.client.socket.PodSockets;
import io.podwire.testkit.cluster.Capture;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.Fault;
import io.podwire.testkit.cluster.FaultSpec;
import io.podwire.testkit.cluster.Pod;
import io.podwire.testkit.cluster.Service;
import io.podwire.testkit.junit.Named;
import io.podwire.testkit.junit.PodwireTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client as it is, with the network of the Pod customer. */
@PodwireTest(nodes = 2, manifests = "shop.yaml")
class ShopClientTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private PodSockets sockets;

  @BeforeEach
  void open(@Named("customer") Pod customer) {
    sockets = customer.sockets();
  }

  @AfterEach
  void close() {
    sockets.close();
  }

  private ShopClient client(Duration patience, int attempts) {
    HttpClient http = HttpClient.newBuilder().proxy(sockets.proxySelector()).build();
    return new ShopClient(http, URI.create("http://shop/"), patience, attempts);
  }

  @Test
  void shouldReachTheShopByItsServicesName() throws Exception {
    assertEquals("shop", client(SECOND, 5).get("hostname").text());
  }

  // tag: partition
  @Test
  void shouldTryAgainUntilThePartitionIsOver(
      Cluster cluster, @Named("customer") Pod customer, Service shop) throws Exception {
    FaultSpec twoSeconds =
        FaultSpec.partition().from(customer).to(shop).duration(SECOND.multipliedBy(2));
    try (Capture capture = cluster.capture(customer, "tcp port 80");
        Fault partition = cluster.fault(twoSeconds)) {
      ShopClient.Answer answer = client(SECOND, 10).get("hostname");

      assertEquals("shop", answer.text());
      assertTrue(answer.attempts() > 1, answer.toString());
      capture.await(tcp().from(customer).to(shop).onlyFlags(SYN).dropped());
    }
  }

  // end

  @Test
  void shouldGiveUpWhereThePartitionLasts(
      Cluster cluster, @Named("customer") Pod customer, Service shop) {
    ShopClient client = client(SECOND, 2);
    try (Fault partition = cluster.fault(FaultSpec.partition().from(customer).to(shop))) {
      assertThrows(HttpTimeoutException.class, () -> client.get("hostname"));
    }
  }

  @Test
  void shouldWaitForASlowLinkWithPatience(
      Cluster cluster, @Named("customer") Pod customer, Service shop)
      throws IOException, InterruptedException {
    Duration latency = Duration.ofMillis(400);
    try (Fault slow = cluster.fault(FaultSpec.delay(latency).from(customer).to(shop))) {
      assertThrows(HttpTimeoutException.class, () -> client(latency, 1).get("hostname"));
      assertEquals("shop", client(SECOND.multipliedBy(20), 1).get("hostname").text());

      slow.awaitAffected("delayed", 2);
    }
  }

  @Test
  void shouldSurviveALostDnsAnswer(Cluster cluster, @Named("customer") Pod customer)
      throws Exception {
    FaultSpec firstAnswer =
        FaultSpec.of("loss: {nth: {every: 1000}}")
            .from(customer)
            .direction("from")
            .protocol("udp")
            .port(53);
    try (Capture capture = cluster.capture(customer, "udp port 53");
        Fault lost = cluster.fault(firstAnswer)) {
      ShopClient.Answer answer = client(SECOND, 10).get("hostname");

      assertEquals("shop", answer.text());
      capture.exactly(1, udp().to(customer).dropped());
      capture.await(2, udp().from(customer).toPort(53).containing("shop"));
    }
  }
}
