package io.podwire.dns.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.dns.kubernetes.TestCluster;
import io.podwire.proto.ProtoTranslator;
import io.podwire.proto.v1.ClusterSyncGrpc;
import io.podwire.proto.v1.Update;
import io.podwire.proto.v1.WatchRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class RunningServerTest {

  /** A control plane that tells every follower what the test says. */
  private static final class FakeControlPlane extends ClusterSyncGrpc.ClusterSyncImplBase {
    private final List<StreamObserver<Update>> followers = new CopyOnWriteArrayList<>();
    private final List<ClusterUpdate> told = new CopyOnWriteArrayList<>();

    @Override
    public void watch(WatchRequest request, StreamObserver<Update> follower) {
      followers.add(follower);
      told.forEach(update -> send(follower, update));
    }

    void tell(ClusterUpdate update) {
      told.add(update);
      followers.forEach(follower -> send(follower, update));
    }

    private static void send(StreamObserver<Update> follower, ClusterUpdate update) {
      ProtoTranslator.toMessages(update).forEach(follower::onNext);
    }
  }

  private static Message ask(RunningServer server, String name, int type) throws IOException {
    SimpleResolver resolver = new SimpleResolver(server.addresses().get(0));
    resolver.setTimeout(Duration.ofSeconds(5));
    return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), type, 1)));
  }

  private static DnsConfiguration configuration(List<String> controlPlanes) {
    String corefile =
        DefaultCorefile.text(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            !controlPlanes.isEmpty(),
            null,
            null,
            List.of());
    return new DnsConfiguration(
        new CorefileSource(null, corefile, Map.of()), controlPlanes, 2, null);
  }

  @Test
  void shouldFollowTheClusterAndOutliveItsControlPlane() throws Exception {
    FakeControlPlane controlPlane = new FakeControlPlane();
    Server grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(controlPlane)
            .build()
            .start();
    try (RunningServer server =
        RunningServer.start(configuration(List.of("127.0.0.1:" + grpc.getPort())))) {
      assertThat(ask(server, "web.demo.svc.cluster.local.", Type.A).getRcode())
          .isEqualTo(Rcode.SERVFAIL);
      assertThat(ask(server, "www.example.org.", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(server.awaitSync(0, TimeUnit.SECONDS)).isFalse();

      controlPlane.tell(
          TestCluster.snapshot(1, TestCluster.clusterIp("demo/web", List.of("10.96.0.20"))));
      assertThat(server.awaitSync(5, TimeUnit.SECONDS)).isTrue();
      assertThat(
              ask(server, "web.demo.svc.cluster.local.", Type.A)
                  .getSection(Section.ANSWER)
                  .toString())
          .contains("10.96.0.20");
      // The cluster names no upstream.
      assertThat(ask(server, "www.example.org.", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);

      controlPlane.tell(
          new ClusterUpdate.Delta(
              2,
              List.of(
                  new ClusterUpdate.Upsert(
                      TestCluster.clusterIp("demo/new", List.of("10.96.0.30"))))));
      await()
          .atMost(Duration.ofSeconds(5))
          .until(
              () -> ask(server, "new.demo.svc.cluster.local.", Type.A).getRcode() == Rcode.NOERROR);

      grpc.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      assertThat(ask(server, "web.demo.svc.cluster.local.", Type.A).getRcode())
          .isEqualTo(Rcode.NOERROR);
      assertThat(server.counters().get("queries.udp")).isGreaterThanOrEqualTo(5);
    } finally {
      grpc.shutdownNow();
    }
  }

  @Test
  void shouldServeWithoutACluster() throws Exception {
    try (RunningServer server = RunningServer.start(configuration(List.of()))) {
      assertThat(server.awaitSync(0, TimeUnit.SECONDS)).isTrue();
      assertThat(ask(server, "web.demo.svc.cluster.local.", Type.A).getRcode())
          .isEqualTo(Rcode.REFUSED);
    }
  }
}
