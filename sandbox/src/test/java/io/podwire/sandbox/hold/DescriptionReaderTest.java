package io.podwire.sandbox.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.model.Container.ContainerPort;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.cluster.model.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DescriptionReaderTest {

  private static PodDescription read(String... arguments) {
    SandboxOptions options = new SandboxOptions();
    CommandLine.populateCommand(options, arguments);
    return DescriptionReader.read(options);
  }

  @Test
  void shouldReadTheLeast() {
    assertThat(read("--name", "db"))
        .isEqualTo(
            new PodDescription(new ObjectName("default", "db"), Map.of(), List.of(), null, null));
  }

  @Test
  void shouldReadEverything() {
    PodDescription pod =
        read(
            "--name=db-1",
            "--namespace=shop",
            "--label=app=db,tier=back",
            "--label",
            "team=a",
            "--port=pg=5432/tcp,53/udp",
            "--port=8080",
            "--hostname=db",
            "--readiness=http:8080/health/z?a=b",
            "--readiness-period=3");

    assertThat(pod.key()).isEqualTo(new ObjectName("shop", "db-1"));
    assertThat(pod.labels()).isEqualTo(Map.of("app", "db", "tier", "back", "team", "a"));
    assertThat(pod.ports())
        .containsExactly(
            new ContainerPort("pg", 5432, Protocol.TCP),
            new ContainerPort("", 53, Protocol.UDP),
            new ContainerPort("", 8080, Protocol.TCP));
    assertThat(pod.hostname()).isEqualTo("db");
    assertThat(pod.readiness())
        .isEqualTo(
            new Probe(
                new Probe.HttpGet("HTTP", "", new PortRef.Number(8080), "/health/z?a=b"),
                0,
                3,
                1,
                1,
                3));
  }

  @Test
  void shouldTellOfAFileAtAPortOfItsOwn() {
    Probe probe =
        Objects.requireNonNull(
            read("--name", "db", "--readiness", "file:/run/healthy").readiness());

    assertThat(probe.action())
        .isEqualTo(
            new Probe.HttpGet(
                "HTTP", "", new PortRef.Number(ReadyFilePort.PORT), ReadyFilePort.PATH));
  }

  @Test
  void shouldReadAProbeOfAPortByName() {
    Probe probe = Objects.requireNonNull(read("--name", "db", "--readiness", "tcp:pg").readiness());

    assertThat(probe.action()).isEqualTo(new Probe.TcpSocket("", new PortRef.Named("pg")));
  }

  @ParameterizedTest
  @CsvSource({
    "--hostname=x,--name: missing",
    "--name=a_b,--name: 'a_b'",
    "--name=a --namespace=a.b,--namespace: 'a.b'",
    "--name=a --label=b,--label: 'b'",
    "--name=a --port=0,--port: '0'",
    "--name=a --port=http:80,--port: 'http:80'",
    "--name=a --readiness=exec:true,--readiness: 'exec:true'",
    "--name=a --readiness=file:,--readiness: 'file:' names no file",
    "--name=a --readiness=tcp:80/x,--readiness: 'tcp:80/x'",
    "--name=a --readiness=tcp:99999,--readiness: 99999",
    "--name=a --hostname=A,--hostname: 'A'"
  })
  void shouldSayWhatIsWrong(String arguments, String message) {
    assertThatThrownBy(() -> read(arguments.split(" ")))
        .isInstanceOf(DescriptionReader.InvalidOptions.class)
        .hasMessageContaining(message);
  }

  @Test
  void shouldSayEverythingThatIsWrong() {
    assertThatThrownBy(() -> read("--label=b", "--port=x"))
        .message()
        .satisfies(text -> assertThat(text.lines()).hasSize(3));
  }
}
