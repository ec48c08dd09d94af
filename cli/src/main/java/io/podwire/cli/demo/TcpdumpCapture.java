package io.podwire.cli.demo;

import io.podwire.cli.capture.CaptureSite;
import io.podwire.cli.outcome.CommandFailure;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** tcpdump on the node network, as a witness that is not ours. */
final class TcpdumpCapture {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration REPEAT = Duration.ofSeconds(1);

  private final CaptureSite site;
  private final int port;

  TcpdumpCapture(CaptureSite site, int port) {
    this.site = site;
    this.port = port;
  }

  Check run(DemoWorld world, Runnable traffic) {
    List<String> command =
        List.of(
            "tcpdump",
            "-l",
            "-n",
            "--immediate-mode",
            "-i",
            site.link(),
            "udp",
            "port",
            Integer.toString(port));
    String expected =
        world.client().nodeAddress()
            + " > "
            + world.far().nodeAddress()
            + "."
            + port
            + ": VXLAN, "
            + ip(world.client().address())
            + " "
            + world.client().address()
            + " > "
            + world.far().address();
    Process tcpdump;
    try {
      tcpdump = site.start(command);
    } catch (IOException failure) {
      return new Check(String.join(" ", command), expected, failure.toString(), false);
    }
    // A reader that waits for tcpdump holds its stream: tcpdump has to end before that is closed.
    try (BufferedReader out = reader(tcpdump.getInputStream());
        BufferedReader err = reader(tcpdump.getErrorStream());
        Closeable _ = tcpdump::destroyForcibly) {
      List<String> said = new ArrayList<>();
      if (await(reading(() -> listening(err, said)), PATIENCE).isEmpty()) {
        // As in a user namespace, where it cannot become its own user.
        String reason = "tcpdump does not capture here: " + String.join(" ", said);
        return new Check(String.join(" ", command), expected, reason, Check.Verdict.LEFT_OUT);
      }
      CompletableFuture<String> sighting = reading(() -> sighting(out, world));
      String seen = "";
      for (long end = System.nanoTime() + PATIENCE.toNanos();
          seen.isEmpty() && !sighting.isDone() && System.nanoTime() < end; ) {
        traffic.run();
        seen = await(sighting, REPEAT);
      }
      return new Check(
          String.join(" ", command),
          expected,
          seen.isEmpty() ? "no such packet" : seen,
          !seen.isEmpty());
    } catch (IOException failure) {
      throw new CommandFailure("tcpdump: " + failure.getMessage(), failure);
    }
  }

  private interface Reading {
    String read() throws IOException;
  }

  /** A blocking read on a thread of its own; empty once the stream is closed. */
  private static CompletableFuture<String> reading(Reading reading) {
    CompletableFuture<String> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            result.complete(reading.read());
          } catch (IOException closed) {
            result.complete("");
          }
        });
    return result;
  }

  /** What it gives, or empty where that takes too long. */
  private static String await(CompletableFuture<String> reading, Duration patience) {
    try {
      return reading.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException late) {
      return "";
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String listening(BufferedReader err, List<String> said) throws IOException {
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      if (line.contains("listening on")) {
        said.clear();
        return line;
      }
      said.add(line);
    }
    return "";
  }

  /** tcpdump writes the outer packet and then, on a line of its own, the inner one. */
  private static String sighting(BufferedReader out, DemoWorld world) throws IOException {
    String outer = "";
    String client = world.client().address();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      boolean isInner =
          line.contains(ip(client) + " " + client + ".")
              && line.contains(" > " + world.far().address() + ".");
      String node = world.client().nodeAddress();
      if (isInner
          && outer.contains(ip(node) + " " + node + ".")
          && outer.contains(" > " + world.far().nodeAddress() + ".")
          && (outer.contains("VXLAN, flags [I] (0x08)")
              || outer.contains("OTV, flags [I] (0x08)"))) {
        return outer + " " + line;
      }
      outer = line;
    }
    return "";
  }

  /** What tcpdump calls the address's family. */
  private static String ip(String address) {
    return address.contains(":") ? "IP6" : "IP";
  }

  private static BufferedReader reader(InputStream stream) {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }
}
