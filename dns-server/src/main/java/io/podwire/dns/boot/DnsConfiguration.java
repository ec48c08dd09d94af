package io.podwire.dns.boot;

import io.podwire.dns.hosts.HostsFile;
import io.podwire.packet.dns.DnsName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A checked configuration.
 *
 * @param corefile what to serve by
 * @param controlPlanes {@code host:port}; none where there is no cluster to follow
 * @param loops event loops, each with a UDP socket of its own on every address
 */
record DnsConfiguration(
    CorefileSource corefile, List<String> controlPlanes, int loops, @Nullable Path readyFile) {

  /** RFC 1035's port. */
  static final int PORT = 53;

  private static final int MAX_LOOPS = 64;

  /** Octets that the cluster's longest names leave for the zone: three labels and "svc". */
  private static final int MAX_ZONE = DnsName.MAX_LENGTH - 3 * 64 - 4;

  /** Checks everything and reports all problems, each with its key, its value and what to do. */
  static Optional<DnsConfiguration> of(DnsOptions options, List<String> problems) {
    int before = problems.size();
    List<InetSocketAddress> listen =
        addresses(
            "--listen",
            options.listen.isEmpty() ? List.of("0.0.0.0:53") : options.listen,
            -1,
            "ADDRESS:PORT, such as 0.0.0.0:53",
            problems);
    List<InetSocketAddress> upstreams =
        addresses(
            "--upstream",
            options.upstream,
            PORT,
            "ADDRESS or ADDRESS:PORT, such as 192.0.2.53",
            problems);
    for (String each : options.controlPlane) {
      if (!each.matches(".+:[0-9]{1,5}")) {
        problems.add(
            "--control-plane: '" + each + "' has no port; write HOST:PORT, such as 10.96.0.1:6500");
      }
    }
    Optional<DnsName> zone = Optional.ofNullable(options.zone).flatMap(DnsConfiguration::zone);
    if (options.zone != null && zone.isEmpty()) {
      problems.add(
          "--zone: '"
              + options.zone
              + "' is no zone; write a domain name of at most "
              + (MAX_ZONE - 2)
              + " characters, such as cluster.local");
    }
    int loops = loops(options.loops, problems);
    checkHosts(options.hosts, problems);
    String text =
        DefaultCorefile.text(
            listen, !options.controlPlane.isEmpty(), options.zone, options.hosts, upstreams);
    CorefileSource corefile =
        options.config == null
            ? new CorefileSource(null, text, Map.of())
            : file(options, options.config, problems);
    return problems.size() > before
        ? Optional.empty()
        : Optional.of(
            new DnsConfiguration(
                corefile, List.copyOf(options.controlPlane), loops, options.readyFile));
  }

  private static CorefileSource file(DnsOptions options, Path path, List<String> problems) {
    Map<String, Boolean> others =
        Map.of(
            "--listen",
            !options.listen.isEmpty(),
            "--upstream",
            !options.upstream.isEmpty(),
            "--hosts",
            options.hosts != null,
            "--zone",
            options.zone != null);
    others.forEach((name, given) -> {
      if (given) {
        problems.add(name + ": has no meaning beside --config; write it into " + path);
      }
    });
    try {
      return CorefileSource.of(path, System.getenv());
    } catch (IOException e) {
      problems.add("--config: '" + path + "' cannot be read (" + e + "); name a readable file");
      return new CorefileSource(path, "", Map.of());
    }
  }

  /**
   * A loop for every two processors: those who ask, and the kernel that carries it all, need the
   * others. On two processors that they share one loop answers more than two, in larger batches.
   */
  private static int defaultLoops() {
    return Math.min(MAX_LOOPS, (Runtime.getRuntime().availableProcessors() + 1) / 2);
  }

  private static int loops(@Nullable Integer given, List<String> problems) {
    int loops = given == null ? defaultLoops() : given;
    if (loops < 1 || loops > MAX_LOOPS) {
      problems.add("--loops: " + loops + " is out of range; write a number from 1 to " + MAX_LOOPS);
    }
    return loops;
  }

  private static Optional<DnsName> zone(String text) {
    return DnsName.tryParse(text).filter(each -> !each.isRoot() && each.length() <= MAX_ZONE);
  }

  private static List<InetSocketAddress> addresses(
      String key, List<String> texts, int defaultPort, String form, List<String> problems) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String text : texts) {
      SocketAddresses.parse(text, defaultPort)
          .ifPresentOrElse(
              addresses::add,
              () ->
                  problems.add(key + ": '" + text + "' is no address with a port; write " + form));
    }
    return addresses;
  }

  private static void checkHosts(@Nullable Path file, List<String> problems) {
    if (file == null) {
      return;
    }
    try {
      List<String> inside = new ArrayList<>();
      HostsFile.parse(Files.readAllLines(file), inside);
      inside.forEach(problem -> problems.add("--hosts: " + file + " " + problem));
    } catch (IOException e) {
      problems.add("--hosts: '" + file + "' cannot be read (" + e + "); name a readable text file");
    }
  }
}
