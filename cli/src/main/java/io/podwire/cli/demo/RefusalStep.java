package io.podwire.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** A Service without endpoints refuses at once: nobody waits for a timeout. */
final class RefusalStep implements DemoStep {
  // curl's exit code for a connection that was refused.
  private static final int CURL_REFUSED = 7;

  @Override
  public String title(DemoWorld world) {
    return "A Service without endpoints refuses connections";
  }

  @Override
  public List<Check> run(DemoWorld world) {
    List<Check> checks = new ArrayList<>();
    String target = world.target("nobody", world.refusingAddress());
    List<String> connect = List.of("agnhost", "connect", target + ":80", "--timeout=5s");
    PodPrograms.Outcome agnhost = world.programs().run(world.client().name(), connect);
    checks.add(
        new Check(
            world.programs().typed(world.client().name(), connect),
            "REFUSED",
            agnhost.text(),
            agnhost.exitCode() == 1 && agnhost.stderr().equals("REFUSED")));
    if (world.has("curl")) {
      List<String> command = world.curl("http://nobody/");
      PodPrograms.Outcome curl = world.programs().run(world.client().name(), command);
      checks.add(
          new Check(
              world.programs().typed(world.client().name(), command),
              "exit code " + CURL_REFUSED + " (connection refused)",
              "exit code " + curl.exitCode() + ": " + curl.text(),
              curl.exitCode() == CURL_REFUSED));
    }
    return checks;
  }
}
