package io.podwire.cli.demo;

import io.podwire.cli.capture.CaptureSite;
import io.podwire.cli.capture.PacketSocket;
import io.podwire.cli.capture.VxlanSighting;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packet between two nodes' Pods, seen on the node network inside VXLAN: by a packet socket of
 * ours, and by tcpdump where it is installed.
 */
final class VxlanStep implements DemoStep {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Optional<CaptureSite> site;
  private final int port;

  VxlanStep(Optional<CaptureSite> site, int port) {
    this.site = site;
    this.port = port;
  }

  @Override
  public String title(DemoWorld world) {
    return "Between the nodes the packet travels in VXLAN (RFC 7348)";
  }

  @Override
  public List<Check> run(DemoWorld world) {
    if (site.isEmpty()) {
      String fix =
          "not possible from here: run the demo on the host or in the container of "
              + world.client().node()
              + ", or leave this step out with --no-capture";
      return List.of(new Check("a capture on the node network", expected(world), fix, false));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(ownCapture(world, site.get()));
    if (hasTcpdump()) {
      checks.add(new TcpdumpCapture(site.get(), port).run(world, () -> cross(world)));
    }
    return checks;
  }

  private String expected(DemoWorld world) {
    return world.client().nodeAddress()
        + " > "
        + world.far().nodeAddress()
        + "."
        + port
        + ": VXLAN: "
        + world.client().address()
        + " > "
        + world.far().address();
  }

  private Check ownCapture(DemoWorld world, CaptureSite place) {
    try (PacketSocket socket = place.listen()) {
      cross(world);
      int frames = 0;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < deadline) {
        Optional<ByteBuffer> frame = socket.receive();
        frames += frame.isPresent() ? 1 : 0;
        Optional<VxlanSighting> sighting = frame.flatMap(each -> VxlanSighting.parse(each, port));
        if (sighting.isPresent() && isExpected(sighting.get(), world)) {
          return new Check(command(world, place), expected(world), sighting.get().text(), true);
        }
      }
      String seen = "no such packet among " + frames + " frames";
      return new Check(command(world, place), expected(world), seen, false);
    }
  }

  private static String command(DemoWorld world, CaptureSite place) {
    return "a packet socket on " + world.client().node() + ", link " + place.link();
  }

  private static boolean isExpected(VxlanSighting sighting, DemoWorld world) {
    return sighting.from().toString().equals(world.client().nodeAddress())
        && sighting.to().toString().equals(world.far().nodeAddress())
        && sighting.innerFrom().toString().equals(world.client().address())
        && sighting.innerTo().toString().equals(world.far().address());
  }

  /** Makes a packet cross from node to node. */
  private static void cross(DemoWorld world) {
    String address = world.inUrl(world.far().address());
    String url = "http://" + address + ":" + DemoWorld.WEB_PORT + "/hostname";
    world.programs().run(world.client().name(), List.of("agnhost", "get", url));
  }

  private static boolean hasTcpdump() {
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin:/usr/sbin").split(":")) {
      if (Files.isExecutable(Path.of(folder, "tcpdump"))) {
        return true;
      }
    }
    return false;
  }
}
