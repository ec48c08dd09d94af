package io.podwire.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A question to the cluster's DNS from inside a Pod. */
final class NameStep implements DemoStep {
  private final String title;
  private final List<String> question;
  private final Function<DemoWorld, List<String>> answer;
  private final Function<DemoWorld, List<String>> addressed;

  private NameStep(
      String title,
      List<String> question,
      Function<DemoWorld, List<String>> addressed,
      Function<DemoWorld, List<String>> answer) {
    this.title = title;
    this.question = question;
    this.addressed = addressed;
    this.answer = answer;
  }

  static NameStep service() {
    return new NameStep(
        "The Service's name is its ClusterIP",
        List.of("web" + DemoWorld.SUFFIX),
        world -> List.of(),
        world -> List.of(world.serviceAddress()));
  }

  static NameStep headless() {
    return new NameStep(
        "A headless Service's name is its Pods' addresses",
        List.of("web-pods" + DemoWorld.SUFFIX),
        world -> List.of(),
        world -> List.of(world.near().address(), world.far().address()));
  }

  static NameStep reverse() {
    return new NameStep(
        "The ClusterIP's PTR is the Service's name",
        List.of("-x"),
        world -> List.of(world.serviceAddress()),
        world -> List.of("web" + DemoWorld.SUFFIX + "."));
  }

  /** A name that the cluster does not own; it is forwarded to the upstream resolver. */
  static NameStep external(String name, List<String> addresses) {
    return new NameStep(
        "A name outside the cluster is answered by the resolver outside",
        List.of(name),
        world -> List.of(),
        world ->
            addresses.stream().filter(address -> address.contains(":") != world.ipv4()).toList());
  }

  @Override
  public String title(DemoWorld world) {
    return title;
  }

  @Override
  public List<Check> run(DemoWorld world) {
    List<Check> checks = new ArrayList<>();
    checks.add(world.checkLines(command(world, "agnhost", "dig"), answer.apply(world)));
    if (world.has("dig")) {
      checks.add(world.checkLines(command(world, "dig"), answer.apply(world)));
    }
    return checks;
  }

  private List<String> command(DemoWorld world, String... program) {
    List<String> command = new ArrayList<>(List.of(program));
    if (!world.alone()) {
      command.add("@" + world.dnsAddress());
    }
    command.add("+short");
    command.addAll(question);
    command.addAll(addressed.apply(world));
    if (!world.ipv4() && !question.contains("-x")) {
      command.add("AAAA");
    }
    return command;
  }
}
