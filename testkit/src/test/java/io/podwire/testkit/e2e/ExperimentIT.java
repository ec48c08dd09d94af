package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment from its file to its reports, as a browser shows them. */
class ExperimentIT {

  @TempDir Path scratch;

  @BeforeEach
  void check() throws IOException {
    Tools.assumeRoot();
  }

  @Test
  void shouldRunTheBurstLossExampleAndReport() throws Exception {
    PodwireCommand podwire = new PodwireCommand(scratch);
    Leftovers leftovers = new Leftovers(podwire.home());
    Path folder = scratch.resolve("report");

    PodwireCommand.Result run =
        podwire
            .run(
                Duration.ofSeconds(150),
                "experiment",
                "run",
                shortened(podwire.root()).toString(),
                "--report",
                folder.toString())
            .succeeded();

    assertThat(run.out()).contains("experiment burst-loss passed", "seed 7");
    assertThat(folder.resolve("report.json")).content().contains("\"verdict\" : \"confirmed\"");
    assertThat(folder.resolve("junit.xml")).content().contains("failures=\"0\"", "<testcase");
    assertThat(folder.resolve("bundle")).doesNotExist();
    assertThat(leftovers.remaining()).isEmpty();
    assertThat(inBrowser(folder.resolve("report.html")))
        .contains("class=\"band c0\"", "class=\"p99\"", "id=\"cursor\"")
        .contains("data-drawn=\"2\"");
  }

  @Test
  void shouldRefuseABadFileBeforeAnythingStarts() throws Exception {
    PodwireCommand podwire = new PodwireCommand(scratch);
    Path file =
        Files.writeString(
            scratch.resolve("bad.yaml"),
            """
            apiVersion: podwire.io/v1alpha1
            kind: Experiment
            metadata: {name: bad}
            spec:
              topology: {nodes: 1}
              duration: 5
              steps: [{at: 1s}]
            """);

    PodwireCommand.Result run = podwire.run("experiment", "run", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("bad.yaml: spec.duration", "bad.yaml: spec.steps[0].fault");
    assertThat(run.err()).doesNotContain("Cluster");
  }

  /** The example in half of its time. */
  private Path shortened(Path root) throws IOException {
    Path examples = root.resolve("examples");
    String text = Files.readString(examples.resolve("experiments/burst-loss.yaml"));
    String shorter =
        text.replace("duration: 45s", "duration: 24s")
            .replace("at: 12s", "at: 4s")
            .replace("duration: 18s", "duration: 12s")
            .replace("../hello.yaml", examples.resolve("hello.yaml").toString());
    assertThat(shorter).isNotEqualTo(text);
    return Files.writeString(scratch.resolve("burst-loss.yaml"), shorter);
  }

  /** The page's elements after its script has run. */
  private String inBrowser(Path page) throws IOException, InterruptedException {
    Tools.assumeInstalled("chromium");
    Path dom = scratch.resolve("dom.html");
    Process chromium =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + scratch.resolve("browser"),
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = chromium.waitFor(60, TimeUnit.SECONDS);
    chromium.descendants().forEach(ProcessHandle::destroyForcibly);
    chromium.destroyForcibly();
    assertThat(ended).as("the browser has shown the page").isTrue();
    return Files.readString(dom);
  }
}
