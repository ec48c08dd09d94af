package io.podwire.cluster.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.podwire.cluster.model.Container.ContainerPort;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.cluster.model.Protocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AttachJsonTest {

  private static final IpAddress ADDRESS = IpAddress.parse("10.244.1.5");
  private static final IpAddress GATEWAY = IpAddress.parse("10.244.1.1");
  private static final KeptInterface KEPT =
      new KeptInterface("c0ffee/eth0", "/run/netns/blue", "eth0");

  static List<AttachRequest> requests() {
    PodDescription plain =
        new PodDescription(new ObjectName("default", "db"), Map.of(), List.of(), null, null);
    PodDescription full =
        new PodDescription(
            new ObjectName("shop", "web"),
            Map.of("app", "web", "tier", "front"),
            List.of(
                new ContainerPort("http", 8080, Protocol.TCP),
                new ContainerPort("", 53, Protocol.UDP)),
            new Probe(
                new Probe.HttpGet("HTTPS", "", new PortRef.Named("http"), "/healthz"),
                1,
                2,
                3,
                4,
                5),
            "front");
    PodDescription probed =
        new PodDescription(
            plain.key(),
            Map.of(),
            List.of(),
            new Probe(new Probe.TcpSocket("", new PortRef.Number(5432)), 0, 10, 1, 1, 3),
            null);
    return List.of(
        new AttachRequest.Attach(plain, "", null),
        new AttachRequest.Attach(full, "7d3", KEPT),
        new AttachRequest.Attach(probed, "", null),
        new AttachRequest.Detach(""),
        new AttachRequest.Detach("c0ffee/eth0"),
        new AttachRequest.ListKept(),
        new AttachRequest.Ping());
  }

  static List<AttachReply> replies() {
    return List.of(
        new AttachReply.Attached(
            new PodNetwork(
                "node-1",
                "7d3",
                ADDRESS,
                24,
                GATEWAY,
                List.of(new PodNetwork.RouteEntry(Cidr.parse("0.0.0.0/0"), GATEWAY)),
                1450,
                62_000,
                MacAddress.of(ADDRESS),
                new ResolverConfig(
                    List.of(IpAddress.parse("10.96.0.10")), List.of("a", "b"), List.of("ndots:5")),
                List.of(new PodNetwork.HostEntry(ADDRESS, List.of("db"))),
                List.of(
                    new PodNetwork.FurtherAddress(
                        IpAddress.parse("fd00::7"), 64, IpAddress.parse("fd00::1"))))),
        new AttachReply.Done(),
        new AttachReply.Pong("node-1"),
        new AttachReply.Kept(List.of(new KeptPod(KEPT, new ObjectName("shop", "web"), ADDRESS))),
        new AttachReply.Refused(AttachReply.Reason.TAKEN, "another has it"),
        new AttachReply.Ended("it was deleted"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void shouldReadTheRequestThatWasWritten(AttachRequest request) {
    String line = AttachJson.write(request);

    assertThat(line).doesNotContain("\n");
    assertThat(AttachJson.readRequest(line)).isEqualTo(request);
  }

  @ParameterizedTest
  @MethodSource("replies")
  void shouldReadTheReplyThatWasWritten(AttachReply reply) {
    String line = AttachJson.write(reply);

    assertThat(line).doesNotContain("\n");
    assertThat(AttachJson.readReply(line)).isEqualTo(reply);
  }

  @Test
  void shouldReadWhatAPersonWouldWrite() {
    AttachRequest request =
        AttachJson.readRequest(
            "{\"op\":\"attach\",\"name\":\"db\",\"ports\":[{\"containerPort\":5432}],"
                + "\"readinessProbe\":{\"tcpSocket\":{\"port\":5432}},\"unknown\":1}");

    assertThat(request)
        .isEqualTo(
            new AttachRequest.Attach(
                new PodDescription(
                    new ObjectName("default", "db"),
                    Map.of(),
                    List.of(new ContainerPort("", 5432, Protocol.TCP)),
                    new Probe(new Probe.TcpSocket("", new PortRef.Number(5432)), 0, 10, 1, 1, 3),
                    null),
                "",
                null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense|not JSON",
        "[]|not a JSON object",
        "{}|op: missing",
        "{\"op\":\"fly\"}|'fly' is unknown; write attach",
        "{\"op\":\"attach\"}|name: missing",
        "{\"op\":\"attach\",\"name\":7}|name: missing",
        "{\"op\":\"attach\",\"name\":\"a\",\"ports\":8}|ports: not a list",
        "{\"op\":\"attach\",\"name\":\"a\",\"ports\":[{}]}|containerPort: missing",
        "{\"op\":\"attach\",\"name\":\"a\",\"ports\":[{\"containerPort\":0}]}|0 is no port",
        "{\"op\":\"attach\",\"name\":\"a\",\"readinessProbe\":{}}|write tcpSocket or httpGet",
        "{\"op\":\"attach\",\"name\":\"a\",\"keep\":{}}|id: missing"
      })
  void shouldSayWhatIsWrong(String line, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AttachJson.readRequest(line))
        .withMessageContaining(message);
  }
}
