package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Names as programs in Pods resolve them: by the resolvers of glibc, of musl and of the JVM, and by
 * one that asks for both families at the same time, as Go's does.
 */
class ResolutionIT {

  private static final List<String> NAMES =
      List.of(
          "web",
          "web.shop",
          "web.shop.svc",
          "web.shop.svc.cluster.local",
          "web.shop.svc.cluster.local.",
          "WEB.Shop",
          "kubernetes.default",
          "db-0.db",
          "db-1.db.shop.svc.cluster.local",
          "db",
          "www.example.test",
          "www.example.test.",
          "elsewhere",
          "printer",
          "printer.office",
          "missing",
          "missing.example.test");

  @TempDir static Path scratch;

  private static CommandCluster cluster;

  /** What resolves names in a Pod; each prints a line for each name, with its addresses. */
  enum Resolver {
    GLIBC,
    MUSL,
    JVM,
    PARALLEL;

    List<String> command() {
      return switch (this) {
        case GLIBC, MUSL -> List.of(program(this).toString());
        case JVM ->
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                scratch.resolve("Resolve.java").toString());
        case PARALLEL -> List.of("python3", scratch.resolve("parallel.py").toString());
      };
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalledOrCi("python3");
    Tools.assumeInstalledOrCi("gcc");
    Tools.assumeInstalledOrCi("musl-gcc");
    for (String name : List.of("Resolve.java", "parallel.py", "order.py", "resolve.c")) {
      resource(name);
    }
    compile("gcc", Resolver.GLIBC);
    compile("musl-gcc", Resolver.MUSL);
    cluster =
        CommandCluster.up(
            scratch,
            "--nodes",
            "1",
            "--hosts",
            resource("hosts").toString(),
            "-f",
            resource("cluster.yaml").toString());
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Path resource(String name) throws IOException {
    return TestFiles.copy("resolution/" + name, scratch);
  }

  private static Path program(Resolver resolver) {
    return scratch.resolve("resolve-" + resolver);
  }

  private static void compile(String compiler, Resolver resolver) throws Exception {
    Process process =
        new ProcessBuilder(
                compiler,
                "-o",
                program(resolver).toString(),
                scratch.resolve("resolve.c").toString())
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("compiler.log").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(scratch.resolve("compiler.log"))).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void shouldResolveEveryKindOfName(Resolver resolver) throws Exception {
    Map<String, Set<String>> expected = new LinkedHashMap<>();
    String first = podIp("db-0");
    String second = podIp("db-1");
    Set<String> outside = Set.of("198.51.100.7", "2001:db8:f::7");
    for (String name : NAMES) {
      expected.put(
          name,
          switch (name) {
            case "kubernetes.default" -> Set.of("10.96.0.1");
            case "db-0.db" -> Set.of(first);
            case "db-1.db.shop.svc.cluster.local" -> Set.of(second);
            case "db" -> Set.of(first, second);
            case "www.example.test", "www.example.test.", "elsewhere" -> outside;
            case "printer", "printer.office" -> Set.of("192.0.2.9");
            case "missing", "missing.example.test" -> Set.of();
            default -> Set.of("10.96.1.50");
          });
    }

    assertThat(resolved("client", resolver, NAMES)).isEqualTo(expected);
  }

  private static Map<String, Set<String>> resolved(
      String pod, Resolver resolver, List<String> names) throws Exception {
    Map<String, Set<String>> found = new LinkedHashMap<>();
    String printed = run(pod, Stream.concat(resolver.command().stream(), names.stream()).toList());
    for (String line : printed.lines().toList()) {
      List<String> words = Arrays.asList(line.split(" "));
      Set<String> addresses = new TreeSet<>();
      words.subList(1, words.size()).forEach(each -> addresses.add(shortened(each)));
      found.put(words.get(0), addresses);
    }
    return found;
  }

  /** Java writes IPv6 addresses in full. */
  private static String shortened(String address) {
    return address.equals("2001:db8:f:0:0:0:0:7") ? "2001:db8:f::7" : address;
  }

  private static String podIp(String pod) throws Exception {
    return run(pod, List.of("hostname", "-I")).strip();
  }

  private static String run(String pod, List<String> command) throws Exception {
    List<String> words = new ArrayList<>(List.of("exec", "-n", "shop", pod, "--"));
    words.addAll(command);
    return cluster.podwire().run(words.toArray(String[]::new)).succeeded().out();
  }

  /** RFC 1535's danger, and Kubernetes' cost: the search list first, the name itself last. */
  @ParameterizedTest
  @EnumSource
  void shouldTryTheSearchListFirstBelowNdots(Resolver resolver) throws Exception {
    assertThat(order("five-dots", resolver, "www.example.test"))
        .containsExactly(
            "www.example.test.shop.svc.cluster.local",
            "www.example.test.svc.cluster.local",
            "www.example.test.cluster.local",
            "www.example.test");
    assertThat(order("five-dots", resolver, "www.example.test."))
        .containsExactly("www.example.test");
  }

  @ParameterizedTest
  @EnumSource
  void shouldTryTheNameItselfFirstFromNdotsOn(Resolver resolver) throws Exception {
    List<String> expected =
        resolver == Resolver.MUSL
            // It does not search at all then.
            ? List.of("www.example.test")
            : List.of("www.example.test", "www.example.test.cluster.local");

    assertThat(order("two-dots", resolver, "www.example.test")).isEqualTo(expected);
  }

  private static List<String> order(String pod, Resolver resolver, String name) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("python3", scratch.resolve("order.py").toString()));
    command.addAll(resolver.command());
    command.add(name);
    return run(pod, command).lines().toList();
  }

  @Test
  void shouldResolveAsTheNodeWhereThePolicySaysSo() throws Exception {
    for (String pod : List.of("as-node", "on-node")) {
      assertThat(run(pod, List.of("cat", "/etc/resolv.conf"))).isEqualTo("nameserver 172.30.0.1\n");
      assertThat(resolved(pod, Resolver.GLIBC, List.of("www.example.test", "web.shop")))
          .isEqualTo(
              Map.of(
                  "www.example.test",
                  Set.of("198.51.100.7", "2001:db8:f::7"),
                  "web.shop",
                  Set.of()));
    }
    assertThat(resolved("on-node-asks-cluster", Resolver.GLIBC, List.of("web")))
        .isEqualTo(Map.of("web", Set.of("10.96.1.50")));
  }

  @Test
  void shouldCallThePodByItsFullNameWhereThatIsWanted() throws Exception {
    assertThat(run("db-0", List.of("hostname")).strip())
        .isEqualTo("db-0.db.shop.svc.cluster.local");
    assertThat(run("db-0", List.of("cat", "/etc/hostname")).strip())
        .isEqualTo("db-0.db.shop.svc.cluster.local");
    assertThat(run("db-1", List.of("hostname")).strip()).isEqualTo("db-1");
    assertThat(run("db-1", List.of("hostname", "-f")).strip())
        .isEqualTo("db-1.db.shop.svc.cluster.local");
  }
}
