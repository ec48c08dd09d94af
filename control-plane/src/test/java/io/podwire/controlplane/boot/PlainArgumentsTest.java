package io.podwire.controlplane.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlainArgumentsTest {

  private static final String[] PLAIN = {
    "--id=control-plane",
    "--data=/h/control-plane",
    "--grpc=172.30.0.2:6500",
    "--api-socket=/h/api.sock",
    "--pod-cidr=10.244.0.0/16",
    "--pod-cidr=fd00:1::/56",
    "--service-cidr=10.96.0.0/16",
    "--node-cidr=172.30.0.0/24",
    "--load-balancer-cidr=100.64.0.0/24",
    "--proxy-mode=ipvs/wrr",
    "--upstream=172.30.0.1",
    "--ready-file=/h/run/control-plane.ready"
  };

  @Test
  void shouldReadWhatTheLibraryReads() {
    Options expected = new Options();
    new CommandLine(expected).parseArgs(PLAIN);

    assertThat(PlainArguments.read(PLAIN, Map.of("PODWIRE_CLUSTER_DIR", "/h")))
        .hasValueSatisfying(
            read -> assertThat(read).usingRecursiveComparison().isEqualTo(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--id", "x", "--idd=x", "--id=", "--id='x'", "--id=a,b"})
  void shouldLeaveEverythingElseToTheLibrary(String argument) {
    String[] arguments = PLAIN.clone();
    arguments[0] = argument;

    assertThat(PlainArguments.read(arguments, Map.of())).isEmpty();
  }

  @Test
  void shouldLeaveDefaultsAndTheEnvironmentToTheLibrary() {
    assertThat(PlainArguments.read(new String[] {"--id=a"}, Map.of())).isEmpty();
    assertThat(PlainArguments.read(PLAIN, Map.of("PODWIRE_VNI", "7"))).isEmpty();
  }
}
