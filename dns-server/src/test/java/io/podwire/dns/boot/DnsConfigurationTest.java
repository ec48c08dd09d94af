package io.podwire.dns.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class DnsConfigurationTest {
  @TempDir Path folder;

  private final List<String> problems = new ArrayList<>();

  @Command
  static final class Holder {
    @CommandLine.Mixin final DnsOptions options = new DnsOptions();
  }

  private Optional<DnsConfiguration> parse(Map<String, String> environment, String... args) {
    Holder holder = new Holder();
    new CommandLine(holder)
        .setDefaultValueProvider(new EnvironmentDefaults(environment))
        .parseArgs(args);
    return DnsConfiguration.of(holder.options, problems);
  }

  @Test
  void shouldRecordEveryDefault() {
    DnsConfiguration configuration = parse(Map.of()).orElseThrow();

    assertThat(configuration.controlPlanes()).isEmpty();
    assertThat(configuration.corefile().text())
        .isEqualTo(
            """
            (answers) {
                errors
                loadbalance
            }
            .:53 {
                bind 0.0.0.0
                import answers
            }
            """);
    assertThat(configuration.loops())
        .isEqualTo((Runtime.getRuntime().availableProcessors() + 1) / 2);
    assertThat(configuration.readyFile()).isNull();
  }

  @Test
  void shouldMapEveryKey() throws IOException {
    Path hosts = Files.writeString(folder.resolve("hosts"), "192.0.2.1 a.test\n");

    DnsConfiguration configuration =
        parse(
                Map.of("PODWIRE_CONTROL_PLANE", "10.96.0.1:6500,cp-2:6500"),
                "--listen=127.0.0.1:5353,[::1]:5353",
                "--upstream=192.0.2.53",
                "--upstream=192.0.2.54:5300",
                "--hosts=" + hosts,
                "--zone=Cluster.example",
                "--loops=3",
                "--ready-file=/run/ready")
            .orElseThrow();

    assertThat(configuration.controlPlanes()).containsExactly("10.96.0.1:6500", "cp-2:6500");
    assertThat(configuration.corefile().text())
        .isEqualTo(
            """
            (answers) {
                errors
                hosts "%s" . {
                    ttl 5
                    fallthrough
                }
                kubernetes Cluster.example in-addr.arpa ip6.arpa {
                    pods insecure
                    ttl 5
                    fallthrough in-addr.arpa ip6.arpa
                    own_ranges
                }
                forward . 192.0.2.53:53 192.0.2.54:5300 {
                    max_concurrent 1000
                }
                loadbalance
            }
            .:5353 {
                bind 127.0.0.1
                import answers
            }
            .:5353 {
                bind 0:0:0:0:0:0:0:1
                import answers
            }
            """
                .formatted(hosts));
    assertThat(RunningServer.check(configuration).lines()).isEmpty();
    assertThat(configuration.loops()).isEqualTo(3);
    assertThat(configuration.readyFile()).hasToString("/run/ready");
  }

  @Test
  void shouldReportAllProblemsAtOnce() throws IOException {
    Path hosts = Files.writeString(folder.resolve("hosts"), "192.0.2.1\n");

    Optional<DnsConfiguration> configuration =
        parse(
            Map.of(),
            "--listen=localhost:53,127.0.0.1",
            "--control-plane=10.96.0.1",
            "--upstream=one.one.one.one,192.0.2.53:99999",
            "--hosts=" + hosts,
            "--loops=0",
            "--zone=a..b");

    assertThat(configuration).isEmpty();
    assertThat(problems).hasSize(8);
    assertThat(problems)
        .anyMatch(each -> each.startsWith("--listen: 'localhost:53'"))
        .anyMatch(each -> each.startsWith("--listen: '127.0.0.1'"))
        .anyMatch(each -> each.startsWith("--control-plane: '10.96.0.1'"))
        .anyMatch(each -> each.startsWith("--upstream: 'one.one.one.one'"))
        .anyMatch(each -> each.startsWith("--upstream: '192.0.2.53:99999'"))
        .anyMatch(each -> each.startsWith("--hosts: ") && each.contains("line 1"))
        .anyMatch(each -> each.startsWith("--loops: 0"))
        .anyMatch(each -> each.startsWith("--zone: 'a..b'"));
  }

  @Test
  void shouldServeByAFileAndByNothingBesideIt() throws IOException {
    Path file = Files.writeString(folder.resolve("Corefile"), ".:0 {\n  whoami\n}\n");

    assertThat(parse(Map.of(), "--config=" + file).orElseThrow().corefile().path()).isEqualTo(file);
    assertThat(parse(Map.of(), "--config=" + file, "--listen=127.0.0.1:53")).isEmpty();
    assertThat(problems).singleElement().asString().startsWith("--listen: has no meaning beside");
  }

  @Test
  void shouldExitWithAConfigurationErrorOnAnUnknownOption() {
    StringWriter error = new StringWriter();
    CommandLine commandLine = DnsServer.commandLine().setErr(new PrintWriter(error));

    assertThat(commandLine.execute("--bogus")).isEqualTo(DnsServer.CONFIGURATION_ERROR);
    assertThat(error.toString()).contains("--bogus");
    assertThat(commandLine.execute("--listen=nowhere")).isEqualTo(78);
  }
}
