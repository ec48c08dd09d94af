package io.podwire.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.capture.CaptureSite;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The demonstration on a cluster where examples/hello.yaml is applied and Ready.
 *
 * <p>For one run; blocks.
 */
public final class Demo {
  private static final int STANDARD_PORT = 4789;
  private static final String PORT_ANNOTATION = "podwire.io/vxlan-port";

  /**
   * How to run it.
   *
   * @param externalName a name that the cluster does not own
   * @param externalAddresses what it resolves to
   * @param capture whether the step on the node network is part of it
   */
  public record Options(String externalName, List<String> externalAddresses, boolean capture) {}

  private final ApiClient api;
  private final PrintWriter out;
  private final Options options;

  /** A demonstration whose steps are told on the writer. */
  public Demo(ApiClient api, PrintWriter out, Options options) {
    this.api = api;
    this.out = out;
    this.options = options;
  }

  /** The manifests of examples/hello.yaml. */
  public static ManifestStream manifests() {
    try (InputStream stream =
        Objects.requireNonNull(Demo.class.getResourceAsStream("hello.yaml"))) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return ManifestFiles.ofText("examples/hello.yaml", text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Runs every step, also after one that did not hold.
   *
   * @param site finds where to capture on the node of that name, by its address
   * @return whether all held
   */
  public boolean run(Function<Node, Optional<CaptureSite>> site) {
    long began = System.nanoTime();
    List<DemoWorld> worlds = DemoWorld.readAll(api);
    worlds.forEach(this::describe);
    DemoWorld world = worlds.getFirst();
    Node node = new Node(world.client().node(), world.client().nodeAddress());
    Optional<CaptureSite> place = options.capture() ? site.apply(node) : Optional.empty();
    try {
      return runSteps(worlds, steps(world, place), began);
    } finally {
      place.ifPresent(CaptureSite::close);
    }
  }

  /** A node that can be looked at. */
  public record Node(String name, String address) {}

  private List<DemoStep> steps(DemoWorld world, Optional<CaptureSite> place) {
    List<DemoStep> steps = new ArrayList<>();
    steps.add(SourceAddressStep.onOneNode());
    steps.add(SourceAddressStep.acrossNodes());
    steps.add(NameStep.service());
    steps.add(NameStep.headless());
    steps.add(NameStep.reverse());
    steps.add(new BalancingStep());
    steps.add(NameStep.external(options.externalName(), options.externalAddresses()));
    steps.add(new RefusalStep());
    if (options.capture()) {
      steps.add(new VxlanStep(place, port(world)));
    }
    return steps;
  }

  private int port(DemoWorld world) {
    JsonNode node = api.get(Resource.NODE.objectPath("", world.far().node()));
    String port = node.path("metadata").path("annotations").path(PORT_ANNOTATION).asText();
    try {
      return port.isEmpty() ? STANDARD_PORT : Integer.parseInt(port);
    } catch (NumberFormatException odd) {
      throw new CommandFailure(
          "node "
              + world.far().node()
              + ": annotation "
              + PORT_ANNOTATION
              + " is no number: "
              + port,
          odd);
    }
  }

  private void describe(DemoWorld world) {
    for (DemoWorld.Member pod : List.of(world.client(), world.near(), world.far())) {
      out.printf(
          Locale.ROOT,
          "  Pod %-8s %-14s on %s (%s)%n",
          pod.name(),
          pod.address(),
          pod.node(),
          pod.nodeAddress());
    }
    out.printf(Locale.ROOT, "  Service web  %s%n", world.serviceAddress());
    String tools = world.tools().isEmpty() ? "" : ", " + String.join(" and ", world.tools());
    out.printf(Locale.ROOT, "  Programs in the client: agnhost%s%n%n", tools);
  }

  private boolean runSteps(List<DemoWorld> worlds, List<DemoStep> steps, long began) {
    int held = 0;
    int number = 0;
    for (DemoWorld world : worlds) {
      for (DemoStep step : steps) {
        number++;
        String family = worlds.size() == 1 ? "" : world.ipv4() ? ", over IPv4" : ", over IPv6";
        out.printf(Locale.ROOT, "%d. %s%s%n", number, step.title(world), family);
        out.flush();
        held += run(step, world) ? 1 : 0;
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    out.printf(Locale.ROOT, "%n%d of %d steps held (%.1f s)%n", held, number, seconds);
    out.flush();
    return held == number;
  }

  private boolean run(DemoStep step, DemoWorld world) {
    boolean stepHeld = true;
    for (Check check : step.run(world)) {
      out.printf(Locale.ROOT, "   $ %s%n", check.command());
      out.printf(Locale.ROOT, "     expected: %s%n", check.expected());
      out.printf(
          Locale.ROOT, "     seen:     %s%n", check.seen().replace("\n", "\n               "));
      out.printf(Locale.ROOT, "     %s%n", check.verdict().text());
      out.flush();
      stepHeld &= check.held();
    }
    return stepHeld;
  }
}
