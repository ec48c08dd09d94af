package io.podwire.cli.experiment.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.ExperimentFile;
import io.podwire.cli.experiment.run.Check;
import io.podwire.cli.experiment.run.Outcome;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {

  @TempDir Path folder;

  @Test
  void shouldWriteJUnitXmlAsItsReadersExpectIt() throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(JunitReport.of(Outcomes.some()))));

    Element root = document.getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("testsuites");
    Element suite = (Element) root.getElementsByTagName("testsuite").item(0);
    assertThat(List.of("name", "tests", "failures", "errors", "skipped", "time", "timestamp"))
        .extracting(suite::getAttribute)
        .containsExactly("sample", "3", "1", "0", "1", "30.000", "2026-01-02T03:04:05");
    NodeList cases = suite.getElementsByTagName("testcase");
    assertThat(cases.getLength()).isEqualTo(3);
    List<String> children = new ArrayList<>();
    for (int i = 0; i < cases.getLength(); i++) {
      Element each = (Element) cases.item(i);
      assertThat(each.getAttribute("classname")).startsWith("sample.");
      assertThat(each.getAttribute("name")).isNotEmpty();
      children.add(((Element) each.getElementsByTagName("*").item(0)).getTagName());
    }
    assertThat(children).containsExactly("failure", "system-out", "skipped");
    Element failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("602 ms");
  }

  @Test
  void shouldNameEachTestCaseOnce() {
    Outcome some = Outcomes.some();
    Check check = some.checks().getFirst();
    Outcome twice =
        new Outcome(
            "twice",
            1,
            "",
            some.began(),
            1,
            some.samples(),
            some.descriptions(),
            List.of(),
            List.of(check, check),
            List.of());

    assertThat(JunitReport.of(twice))
        .contains("name=\"" + check.name() + "\"", "name=\"" + check.name() + " (2)\"");
  }

  @Test
  void shouldWriteOnePageThatNeedsNothingElse() {
    Outcome outcome = Outcomes.some();

    String page = HtmlReport.of(outcome, JsonReport.of(outcome));

    assertThat(page)
        .contains("<svg id=\"timeline\"", "class=\"band c0\"", "class=\"p99\"", "class=\"error\"")
        .contains("5.1 % of 2000 &lt;packets&gt;")
        .doesNotContain("src=", "href=", "url(", "@import", "NaN", "Infinity");
    assertThat(page.split("</script>", -1)).as("nothing of others ends a script").hasSize(3);
  }

  @Test
  void shouldWriteJsonForPrograms() throws Exception {
    write(folder.resolve("new"));

    JsonNode json = JsonReport.JSON.readTree(folder.resolve("new/report.json").toFile());

    assertThat(json.path("passed").asBoolean()).isFalse();
    assertThat(json.at("/workloads/0/requests").asInt()).isEqualTo(1200);
    assertThat(json.at("/steps/0/fault/status/verdict").asText()).isEqualTo("confirmed");
    assertThat(json.at("/checks/2/verdict").asText()).isEqualTo("inconclusive");
    assertThat(folder.resolve("new/report.html")).exists();
    assertThat(folder.resolve("new/junit.xml")).exists();
  }

  @Test
  void shouldLeaveABundleThatRunsElsewhere() throws Exception {
    Path reports = folder.resolve("new");
    write(reports);

    Path bundle = reports.resolve("bundle");
    for (String file :
        List.of("original.yaml", "samples/web.csv", "receipts/1-bursts.json", "logs/node-1.log")) {
      assertThat(bundle.resolve(file)).isNotEmptyFile();
    }
    assertThat(bundle.resolve("repeat.sh")).content().contains("experiment run --seed 7");
    Files.delete(folder.resolve("pod.yaml"));
    Experiment read = ExperimentFile.read(bundle.resolve("experiment.yaml"));
    assertThat(read.topology().manifests())
        .hasValueSatisfying(
            all -> assertThat(new String(all.body(), UTF_8)).contains("name: first"));
    assertThat(read.steps().getFirst().action())
        .isInstanceOfSatisfying(
            Action.Apply.class, apply -> assertThat(apply.manifests().size()).isEqualTo(2));

    new ReportFolder(reports).prepare();
    assertThat(bundle).as("the next run's failure is another").doesNotExist();
  }

  /** Reports of a run that failed. */
  private void write(Path to) throws Exception {
    Files.writeString(
        folder.resolve("pod.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: first}\n");
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Files.writeString(logs.resolve("node-1.log"), "a line\n");
    Path file =
        Files.writeString(
            folder.resolve("sample.yaml"),
            """
            apiVersion: podwire.io/v1alpha1
            kind: Experiment
            metadata: {name: sample}
            spec:
              topology: {manifests: [pod.yaml]}
              steps:
              - at: 1s
                apply: [pod.yaml, {apiVersion: v1, kind: Namespace, metadata: {name: second}}]
            """);
    new ReportFolder(to).write(Outcomes.some(), ExperimentFile.read(file), file, logs);
  }

  @Test
  void shouldDrawARunInWhichNothingSucceeded() {
    Outcome some = Outcomes.some();
    for (List<Sample> samples :
        List.of(List.<Sample>of(), List.of(new Sample(1, 9, false, "REFUSED")))) {
      Outcome none =
          new Outcome(
              "none",
              1,
              "",
              some.began(),
              0,
              Map.of("web", samples),
              some.descriptions(),
              List.of(),
              List.of(),
              List.of());

      assertThat(HtmlReport.of(none, JsonReport.of(none))).doesNotContain("NaN", "Infinity");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 9, false, 10",
    "2, 3, 800, true, 1000",
    "0.2, 0.4, 0.9, false, 1",
    "1, 40, 1001, false, 1500",
  })
  void shouldChooseAScaleThatShowsTheGreatest(
      double least, double median, double greatest, boolean logarithmic, double high) {
    Scale scale = Scale.latencies(least, median, greatest, 100, 0);

    assertThat(scale.logarithmic()).isEqualTo(logarithmic);
    assertThat(scale.high()).isEqualTo(high);
    assertThat(scale.at(greatest)).isBetween(0.0, 100.0);
    assertThat(scale.ticks(4)).hasSizeBetween(3, 7);
  }
}
