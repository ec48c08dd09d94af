package io.podwire.testkit.example;

import static io.podwire.packet.TcpFlags.RST;
import static io.podwire.packet.TcpFlags.SYN;
import static io.podwire.testkit.assertion.PacketPattern.tcp;
import static io.podwire.testkit.assertion.PacketPattern.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.testkit.cluster.Capture;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.Dns;
import io.podwire.testkit.cluster.DnsAnswer;
import io.podwire.testkit.cluster.ExecResult;
import io.podwire.testkit.cluster.Fault;
import io.podwire.testkit.cluster.FaultSpec;
import io.podwire.testkit.cluster.Node;
import io.podwire.testkit.cluster.Pod;
import io.podwire.testkit.cluster.Service;
import io.podwire.testkit.junit.Lifecycle;
import io.podwire.testkit.junit.Named;
import io.podwire.testkit.junit.PodwireTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(
    value = "io.podwire.testkit.e2e.Tools#isRoot",
    disabledReason = "needs root for network namespaces; run the build as root")
// tag: annotation
@PodwireTest(nodes = 2, manifests = "shop.yaml", lifecycle = Lifecycle.SHARED)
class ShopIT {

  @Test
  void shouldReachTheServiceByName(@Named("client") Pod client, Service web) {
    ExecResult answer = client.exec("agnhost", "get", "http://web/hostname");

    assertThat(answer.text()).isEqualTo("web");
    assertThat(client.resolve("web")).containsExactly(web.clusterIp());
  }

  // end

  @Test
  void shouldInjectWhatThereIs(
      Cluster cluster,
      @Named("default/web") Pod server,
      @Named("node-2") Node node,
      Service web,
      Dns dns) {
    assertThat(cluster.nodes()).hasSize(2);
    assertThat(server.node().name()).isEqualTo(node.name());
    assertThat(web.awaitReady().endpoints()).containsExactly(server.address());
    assertThat(dns.lookup(server, "web").records()).hasSize(1);
    assertThat(node.addresses()).isNotEmpty();
  }

  // tag: partition
  @Test
  void shouldTryAgainUntilThePartitionIsOver(
      Cluster cluster, @Named("client") Pod client, Service web) {
    int attempts = 0;
    boolean answered = false;
    Fault partition = cluster.fault(FaultSpec.partition().from(client).to(web));
    try (partition) {
      while (!answered && attempts < 5) {
        answered = client.exec("agnhost", "get", "--timeout=1s", "http://web/").succeeded();
        attempts++;
        if (attempts == 1) {
          partition.close();
        }
      }
    }

    assertThat(answered).isTrue();
    assertThat(attempts).isGreaterThan(1);
  }

  // end

  // tag: slow
  @Test
  void shouldWaitForASlowLink(Cluster cluster, @Named("client") Pod client, Service web) {
    Duration latency = Duration.ofMillis(300);
    try (Fault slow = cluster.fault(FaultSpec.delay(latency).from(client).to(web).seed(7))) {
      ExecResult answer = client.exec("agnhost", "get", "http://web/hostname");

      assertThat(answer.text()).isEqualTo("web");
      assertThat(answer.took()).isGreaterThan(latency);
      assertThat(slow.awaitAffected("delayed", 1).matched()).isPositive();
    }
  }

  // end

  // tag: dns
  @Test
  void shouldAskAgainWhereAnAnswerIsLost(Cluster cluster, Dns dns, @Named("client") Pod client) {
    FaultSpec firstAnswer =
        FaultSpec.of("loss: {nth: {every: 1000}}")
            .from(client)
            .direction("from")
            .protocol("udp")
            .port(53);
    try (Capture capture = cluster.capture(client, "udp port 53");
        Fault lost = cluster.fault(firstAnswer)) {
      DnsAnswer answer = dns.lookup(client, "web", "A", 2, 1);

      assertThat(answer.addresses()).hasSize(1);
      capture.await(2, udp().from(client).toPort(53).containing("web"));
      capture.exactly(1, udp().to(client).dropped());
    }
  }

  // end

  @Test
  void shouldGetNoAnswerToANameThatIsDropped(
      Cluster cluster, Dns dns, @Named("client") Pod client) {
    try (Fault drop = cluster.fault(FaultSpec.dns("drop", "web.default.*").from(client))) {
      assertThat(dns.lookup(client, "web.default.svc.cluster.local.").answered()).isFalse();
    }
    assertThat(dns.lookup(client, "web.default.svc.cluster.local.").answered()).isTrue();
  }

  // tag: capture
  @Test
  void shouldSeeTheConnectionAndItsEnd(Cluster cluster, @Named("client") Pod client, Service web) {
    try (Capture capture = cluster.capture(client, "tcp port 80")) {
      client.exec("agnhost", "get", "http://web/hostname");

      capture.await(tcp().from(client).to(web).onlyFlags(SYN));
      capture.await(tcp().from(web).to(client).containing("HTTP/1.1 200"));
      capture.none(tcp().flags(RST));
      assertThat(capture.captured(tcp().from(client).onlyFlags(SYN))).hasSize(1);

      FaultSpec reset =
          FaultSpec.of("stream: [{type: reset_peer, attributes: {timeout: 0}}]").from(client);
      try (Fault fault = cluster.fault(reset)) {
        client.exec("agnhost", "get", "http://web/hostname");
        capture.await(tcp().to(client).flags(RST));
      }
    }
  }

  // end

  @Test
  void shouldShowTheNearestPacketsWhereNoneFits(
      Cluster cluster, @Named("client") Pod client, Service web) {
    try (Capture capture = cluster.capture(client, "tcp port 80")) {
      client.exec("agnhost", "get", "http://web/hostname");

      assertThatThrownBy(() -> capture.await(tcp().to(web).flags(RST), Duration.ofMillis(300)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("nearest of")
          .hasMessageContaining("not: flags RST");
    }
  }

  @Test
  void shouldFailTheTestWhereAFaultMatchesNothing(
      Cluster cluster, @Named("client") Pod client, Service web) {
    Fault idle = cluster.fault(FaultSpec.partition().from(client).to(web));

    assertThatThrownBy(idle::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("matched nothing");
  }
}
