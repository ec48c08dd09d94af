package io.podwire.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A Pod asks another, which sees the asking Pod's own address: no translation on the way. */
final class SourceAddressStep implements DemoStep {
  private final String where;
  private final Function<DemoWorld, DemoWorld.Member> server;

  private SourceAddressStep(String where, Function<DemoWorld, DemoWorld.Member> server) {
    this.where = where;
    this.server = server;
  }

  static SourceAddressStep onOneNode() {
    return new SourceAddressStep("on one node", DemoWorld::near);
  }

  static SourceAddressStep acrossNodes() {
    return new SourceAddressStep("across nodes", DemoWorld::far);
  }

  @Override
  public String title(DemoWorld world) {
    DemoWorld.Member target = server.apply(world);
    return "Pod to Pod "
        + where
        + ": client ("
        + world.client().node()
        + ") to "
        + target.name()
        + " ("
        + target.node()
        + ")";
  }

  @Override
  public List<Check> run(DemoWorld world) {
    String address = world.inUrl(server.apply(world).address());
    String url = "http://" + address + ":" + DemoWorld.WEB_PORT + "/clientip";
    List<Check> checks = new ArrayList<>();
    checks.add(check(world, List.of("agnhost", "get", url)));
    if (world.has("curl")) {
      checks.add(check(world, world.curl(url)));
    }
    return checks;
  }

  private static Check check(DemoWorld world, List<String> command) {
    PodPrograms.Outcome outcome = world.programs().run(world.client().name(), command);
    String source = world.client().address();
    // The server answers ADDRESS:PORT.
    boolean held =
        outcome.exitCode() == 0 && outcome.stdout().startsWith(world.inUrl(source) + ":");
    return new Check(
        world.programs().typed(world.client().name(), command),
        "the server sees the client's address " + source,
        outcome.text(),
        held);
  }
}
