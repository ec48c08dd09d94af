package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every question of dns/questions.txt, asked by dig from a Pod, over UDP and over TCP, of the block
 * of dns/questions.Corefile that it is for; a case is a line there.
 */
class DnsQuestionsIT {

  private static final int LEAST_QUESTIONS = 250;

  @TempDir static Path scratch;

  private static CommandCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("dig");
    cluster =
        CommandCluster.up(
            scratch,
            "--nodes",
            "1",
            "--service-cidr",
            "10.96.0.0/16,fd00:10:96::/112",
            "--hosts",
            resource("hosts").toString(),
            "--corefile",
            resource("questions.Corefile").toString(),
            "-f",
            resource("cluster.yaml").toString());
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Path resource(String name) throws IOException {
    return TestFiles.copy("dns/" + name, scratch);
  }

  /** A line of the table. */
  private record Case(int port, DigAnswer answer) {
    @Override
    public String toString() {
      return port + " " + answer.question();
    }
  }

  private static List<Case> table() throws Exception {
    String address = address("default", "asker");
    List<Case> cases = new ArrayList<>();
    int port = 53;
    for (String line : Files.readAllLines(resource("questions.txt"))) {
      if (line.startsWith(":")) {
        port = Integer.parseInt(line.substring(1));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String filled =
            line.replace("{asker}", address.replace('.', '-')).replace("{asker.}", address);
        cases.add(new Case(port, DigAnswer.read(filled)));
      }
    }
    return cases;
  }

  private static String address(String namespace, String pod) throws Exception {
    return cluster
        .podwire()
        .run("get", "pods", "-n", namespace, "-o", "wide")
        .succeeded()
        .out()
        .replaceAll("(?s).*" + pod + "\\s.*?(10\\.244\\.\\d+\\.\\d+).*", "$1");
  }

  @TestFactory
  Stream<DynamicNode> shouldAnswer() throws Exception {
    List<Case> expected = table();
    assertThat(expected.stream().map(Case::toString).distinct())
        .hasSizeGreaterThanOrEqualTo(LEAST_QUESTIONS)
        .hasSameSizeAs(expected);
    return Stream.of(
        dynamicContainer(
            "UDP", compare(expected, ask(expected, "+bufsize=1232", "+notcp", "+ignore"))),
        dynamicContainer("TCP", compare(expected, ask(expected, "+noedns", "+tcp"))));
  }

  private static Stream<DynamicNode> compare(List<Case> expected, List<DigAnswer> seen) {
    assertThat(seen.stream().map(DigAnswer::question))
        .containsExactlyElementsOf(
            expected.stream().map(each -> each.answer().question()).toList());
    return Stream.iterate(0, i -> i < expected.size(), i -> i + 1)
        .map(i ->
            dynamicTest(
                expected.get(i).toString(),
                () -> assertThat(seen.get(i)).isEqualTo(expected.get(i).answer())));
  }

  /**
   * All in one run of dig, one after the other; those for other ports than the Service's of the
   * server's Pod itself.
   */
  private static List<DigAnswer> ask(List<Case> questions, String... options) throws Exception {
    String server = address("kube-system", "podwire-dns-1");
    String every = " +nocookie +tries=1 +time=5 " + String.join(" ", options) + "\n";
    Path batch = scratch.resolve("questions" + options[1]);
    Files.writeString(
        batch,
        questions.stream()
            .map(each ->
                (each.port() == 53 ? "@10.96.0.10" : "@" + server)
                    + (" -p " + each.port() + " -q " + each.answer().name())
                    + (" -t " + each.answer().type() + every))
            .collect(Collectors.joining()),
        StandardCharsets.UTF_8);
    return DigAnswer.parse(
        cluster.podwire().exec("asker", "dig", "-f", batch.toString()).succeeded().out());
  }
}
