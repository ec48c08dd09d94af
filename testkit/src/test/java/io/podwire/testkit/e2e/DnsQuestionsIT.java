package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every question of dns/questions.txt, asked by dig from a Pod, over UDP and over TCP; a case is a
 * line there.
 */
class DnsQuestionsIT {

  private static final int LEAST_QUESTIONS = 250;

  @TempDir static Path scratch;

  private static PodwireCommand podwire;
  private static Leftovers leftovers;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("dig");
    podwire = new PodwireCommand(scratch);
    leftovers = new Leftovers(podwire.home());
    podwire
        .run(
            "up",
            "--nodes",
            "1",
            "--service-cidr",
            "10.96.0.0/16,fd00:10:96::/112",
            "--hosts",
            resource("hosts").toString(),
            "-f",
            resource("cluster.yaml").toString())
        .succeeded();
  }

  @AfterAll
  static void stop() throws Exception {
    if (podwire != null) {
      leftovers.observe();
      podwire.run("down").succeeded();
      assertThat(leftovers.remaining()).isEmpty();
    }
  }

  private static Path resource(String name) throws IOException {
    Path copy = scratch.resolve(name);
    try (InputStream text =
        Objects.requireNonNull(DnsQuestionsIT.class.getResourceAsStream("dns/" + name), name)) {
      if (!Files.exists(copy)) {
        Files.copy(text, copy);
      }
    }
    return copy;
  }

  @TestFactory
  Stream<DynamicNode> shouldAnswer() throws Exception {
    List<DigAnswer> expected =
        Files.readAllLines(resource("questions.txt")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(DigAnswer::read)
            .toList();
    assertThat(expected.stream().map(DigAnswer::question).distinct())
        .hasSizeGreaterThanOrEqualTo(LEAST_QUESTIONS)
        .hasSameSizeAs(expected);
    return Stream.of(
        dynamicContainer(
            "UDP", compare(expected, ask(expected, "+bufsize=1232", "+notcp", "+ignore"))),
        dynamicContainer("TCP", compare(expected, ask(expected, "+noedns", "+tcp"))));
  }

  private static Stream<DynamicNode> compare(List<DigAnswer> expected, List<DigAnswer> seen) {
    assertThat(seen.stream().map(DigAnswer::question))
        .containsExactlyElementsOf(expected.stream().map(DigAnswer::question).toList());
    return Stream.iterate(0, i -> i < expected.size(), i -> i + 1)
        .map(i ->
            dynamicTest(
                expected.get(i).question(),
                () -> assertThat(seen.get(i)).isEqualTo(expected.get(i))));
  }

  /** All in one run of dig, one after the other. */
  private static List<DigAnswer> ask(List<DigAnswer> questions, String... options)
      throws IOException, InterruptedException {
    String every = " +nocookie +tries=1 +time=5 " + String.join(" ", options) + "\n";
    Path batch = scratch.resolve("questions" + options[1]);
    Files.writeString(
        batch,
        questions.stream()
            .map(each -> "-q " + each.name() + " -t " + each.type() + every)
            .collect(Collectors.joining()),
        StandardCharsets.UTF_8);
    return DigAnswer.parse(podwire.exec("asker", "dig", "-f", batch.toString()).succeeded().out());
  }
}
