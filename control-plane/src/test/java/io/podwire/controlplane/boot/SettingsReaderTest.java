package io.podwire.controlplane.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SettingsReaderTest {

  @Test
  void shouldHaveDefaultsForAllButTheState() {
    Settings settings = read("--data", "/var/lib/podwire");

    assertThat(settings.data()).contains(Path.of("/var/lib/podwire"));
    assertThat(settings.zookeeper()).isEmpty();
    assertThat(settings.grpc().getPort()).isEqualTo(6500);
    assertThat(settings.grpc().getAddress().isLoopbackAddress()).isTrue();
    assertThat(settings.http()).map(address -> address.getPort()).contains(8080);
    assertThat(settings.apiSocket()).isEmpty();
    assertThat(settings.advertise()).isEqualTo(IpAddress.parse("127.0.0.1"));
    assertThat(settings.config().podCidrs()).containsExactly(Cidr.parse("10.244.0.0/16"));
    assertThat(settings.config().serviceCidrs()).containsExactly(Cidr.parse("10.96.0.0/16"));
    assertThat(settings.config().nodeCidr()).isEqualTo(Cidr.parse("172.30.0.0/24"));
    assertThat(settings.config().nodePrefixLength()).isEqualTo(24);
    assertThat(settings.config().zone()).isEqualTo("cluster.local");
    assertThat(settings.config().dnsAddress()).isEqualTo(IpAddress.parse("10.96.0.10"));
    assertThat(settings.config().vni().value()).isEqualTo(1);
    assertThat(settings.config().upstreams()).isEmpty();
    assertThat(settings.config().loadBalancerCidrs()).containsExactly(Cidr.parse("100.64.0.0/24"));
    assertThat(settings.config().proxy()).hasToString("iptables");
    assertThat(settings.id()).isEqualTo("control-plane");
    assertThat(settings.manifests()).isEmpty();
    assertThat(settings.nodeGrace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.readyFile()).isEmpty();
  }

  @Test
  void shouldMapEveryOption() {
    Settings settings =
        read(
            "--zookeeper=zk1:2181,zk2:2181",
            "--grpc=0.0.0.0:7000",
            "--http=0.0.0.0:7001",
            "--api-socket=/run/api.sock",
            "--advertise=172.31.0.2",
            "--pod-cidr=10.1.0.0/16",
            "--service-cidr=10.2.0.0/16",
            "--node-cidr=172.31.0.0/24",
            "--load-balancer-cidr=192.0.2.0/28",
            "--proxy-mode=ipvs/wrr",
            "--zone=example.test",
            "--vni=7",
            "--upstream=9.9.9.9",
            "--upstream=1.1.1.1:5353",
            "--id=cp-2",
            "--manifest=/dev/null",
            "--node-grace=3",
            "--ready-file=/run/ready");

    assertThat(settings.zookeeper()).contains("zk1:2181,zk2:2181");
    assertThat(settings.grpc().getPort()).isEqualTo(7000);
    assertThat(settings.http()).map(address -> address.getPort()).contains(7001);
    assertThat(settings.apiSocket()).contains(Path.of("/run/api.sock"));
    assertThat(settings.advertise()).isEqualTo(IpAddress.parse("172.31.0.2"));
    assertThat(settings.config().podCidrs()).containsExactly(Cidr.parse("10.1.0.0/16"));
    assertThat(settings.config().dnsAddress()).isEqualTo(IpAddress.parse("10.2.0.10"));
    assertThat(settings.config().nodeCidr()).isEqualTo(Cidr.parse("172.31.0.0/24"));
    assertThat(settings.config().zone()).isEqualTo("example.test");
    assertThat(settings.config().vni().value()).isEqualTo(7);
    assertThat(settings.config().upstreams()).containsExactly("9.9.9.9:53", "1.1.1.1:5353");
    assertThat(settings.id()).isEqualTo("cp-2");
    assertThat(settings.manifests()).containsExactly(Path.of("/dev/null"));
    assertThat(settings.nodeGrace()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.readyFile()).isEqualTo(Optional.of(Path.of("/run/ready")));
  }

  @Test
  void shouldServeTheApiOnASocketAloneWhereThatIsAskedFor() {
    assertThat(read("--data=x", "--api-socket=/run/api.sock").http()).isEmpty();
  }

  @Test
  void shouldReportAllProblemsAtOnceWithKeyAndValue() {
    assertThat(
            problems(
                "--grpc=nowhere",
                "--advertise=me",
                "--pod-cidr=10.0.0.0/8",
                "--service-cidr=10.96.0.0/16",
                "--zone=Not_a_zone",
                "--vni=99999999",
                "--upstream=dns.example",
                "--id=",
                "--manifest=/does/not/exist",
                "--node-grace=0"))
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("--data is missing"),
            problem -> assertThat(problem).startsWith("--grpc nowhere:"),
            problem -> assertThat(problem).startsWith("--advertise me:"),
            problem ->
                assertThat(problem)
                    .contains("pod-cidr 10.0.0.0/8 overlaps service-cidr 10.96.0.0/16"),
            problem -> assertThat(problem).startsWith("--zone Not_a_zone:"),
            problem -> assertThat(problem).startsWith("--vni 99999999:"),
            problem -> assertThat(problem).startsWith("--upstream dns.example:"),
            problem -> assertThat(problem).startsWith("--id :"),
            problem -> assertThat(problem).startsWith("--manifest /does/not/exist:"),
            problem -> assertThat(problem).startsWith("--node-grace 0:"));
  }

  @Test
  void shouldAskForAnAddressToAdvertiseWhereItListensEverywhere() {
    assertThat(problems("--data=x", "--grpc=0.0.0.0:6500"))
        .singleElement()
        .asString()
        .startsWith("--advertise is missing");
  }

  @Test
  void shouldRefuseTwoPlacesForTheState() {
    assertThat(problems("--data=x", "--zookeeper=zk:2181"))
        .singleElement()
        .asString()
        .startsWith("--zookeeper zk:2181:");
  }

  private static Settings read(String... arguments) {
    Options options = new Options();
    new CommandLine(options).parseArgs(arguments);
    return SettingsReader.read(options);
  }

  private static List<String> problems(String... arguments) {
    StartupException failure = catchThrowableOfType(StartupException.class, () -> read(arguments));
    return failure.problems();
  }
}
