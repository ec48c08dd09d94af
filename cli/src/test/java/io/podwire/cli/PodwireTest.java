package io.podwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PodwireTest {
  @TempDir Path folder;

  private record Result(int exitCode, String out, String err) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bogus                          | Unmatched argument at index 0: 'bogus'
          up --nodes three               | Invalid value for option '--nodes': 'three' is not an int
          up --nodes 0                   | --nodes 0: choose 1-200
          up --server http://a:1         | --server: 'up' starts a cluster on this machine; leave it out
          exec                           | Missing required parameter: 'POD'
          exec web                       | COMMAND is missing: podwire exec web -- COMMAND [ARG...]
          get                            | Missing required parameter: 'KIND'
          get things                     | KIND "things" is not known: use one of pods, services, nodes, namespaces, endpointslices, endpoints, networkfaults, networkchaos, dnschaos, podchaos
          get pods web -A                | NAME web: not together with -A or -l
          get pods -w -o json            | -w: with one NAME at most, and -o wide or name only
          logs web --tail=-1             | --tail -1: give a number of lines, 0 or more
          capture web --count 0          | --count 0: give a number of packets, 1 or more
          capture web --snaplen 0        | --snaplen 0: give a number of octets, 1 or more
          capture web --duration 5       | --duration "5" has no unit; write it as 100ms, 1.5s or 1h5m
          capture web --duration=-5s     | --duration "-5s" is not more than 0
          apply                          | Missing required option: '--filename=FILE'
          delete                         | give either -f FILE or KIND NAME
          delete pod                     | NAME is missing after pod
          get pods --server ftp://x      | --server "ftp://x" is no API address: use http://HOST:PORT or unix:/PATH
          status --name No               | --name "No" is no cluster name: use up to 32 of a-z, 0-9 and - inside
          demo --nodes 1                 | --nodes 1: the demo shows two nodes; choose 2 or more
          bench --only x                 | --only x: no such topic; there are tcp, udp, ping, dns, dns-updates, lookup, services, memory, start, faults, agents, propagation, soak
          bench propagation --pods 3     | --pods 3 --services 200 --changes 30: at least 7, 2 and 1 are needed
          fault                          | Missing: an effect such as delay, or ls, rm, receipt, decisions
          fault delay                    | Missing required parameter: 'TIME'
          fault delay 100ms              | say which Pods: --pod, --selector, --service, --node or --all
          fault loss 1% --uplinks        | say which nodes: --node NODE or --all
          fault loss 1% -l web           | "web" is no label: write KEY=VALUE
          fault loss --all --nth 3       | --nth: give EVERY,PACKET
          fault hold --all --lease 0     | --lease 0: give 1 second or more
          fault reorder 5% --all         | Missing required option: '--delay=TIME'
          fault rm                       | Missing required parameter: 'NAME'
          completion fish                | Invalid value for positional parameter at index 0 (SHELL): expected one of [bash, zsh] (case-insensitive) but was 'fish'
          node restart x --server unix:/ | --server: only a local cluster's nodes can be restarted
          """)
  void shouldTellWrongUsageInOneLineAndExitWithTwo(String line, String message) {
    Result result = run(line.split(" "));

    assertThat(result.err().lines().findFirst()).contains("podwire: " + message);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get pods",
        "logs web",
        "capture web",
        "rules node-1",
        "exec web -- true",
        "delete pod web",
        "heal",
        "fault ls",
        "fault delay 1ms --all"
      })
  void shouldTellWhereNoControlPlaneIs(String line) {
    Path socket = folder.resolve("none.sock");

    Result result = run(("--server unix:" + socket + " " + line).split(" "));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("podwire: no control plane answers at unix:" + socket)
        .hasLineCount(1);
  }

  @Test
  void shouldReadManifestsBeforeAskingAnyone() {
    Result result = run("apply", "-f", folder.resolve("missing.yaml").toString());

    assertThat(result)
        .isEqualTo(
            new Result(1, "", "podwire: " + folder + "/missing.yaml: no such file or folder\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "down",
        "status",
        "apply",
        "delete",
        "get",
        "exec",
        "logs",
        "node",
        "demo",
        "bench",
        "completion",
        "heal",
        "fault",
        "fault ls",
        "fault rm",
        "fault receipt",
        "fault delay",
        "fault loss",
        "fault duplicate",
        "fault corrupt",
        "fault reorder",
        "fault rate",
        "fault bandwidth",
        "fault slot",
        "fault partition",
        "fault hold",
        "fault flap",
        "fault mtu",
        "fault down",
        "fault stream",
        "fault dns",
        "fault node",
        "fault pod"
      })
  void shouldExplainEachCommand(String command) {
    Result result = run((command + " --help").split(" "));

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("podwire " + command).contains("--help");
    assertThat(result.err()).isEmpty();
  }

  private static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Podwire.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    int exitCode = commandLine.execute(args);
    return new Result(exitCode, out.toString(), err.toString());
  }
}
