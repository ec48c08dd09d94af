package io.podwire.agnhost.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LoadCommandTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final String LINE =
      "\\{\"at\":[0-9]{13}\\.[0-9]{3},\"ms\":[0-9]+\\.[0-9]{3},\"ok\":(true|false),"
          + "\"result\":\"[^\"]*\"}";

  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();
  private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

  private int load(String... args) {
    return new CommandLine(new LoadCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(error))
        .execute(args);
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  private HttpServer server(int status, String body) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            ports.add(exchange.getRemoteAddress().getPort());
            byte[] octets = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, octets.length);
            exchange.getResponseBody().write(octets);
          }
        });
    server.start();
    return server;
  }

  @Test
  void shouldPrintALineForEachRequest() throws IOException {
    HttpServer server = server(200, "web-1\n");
    try {
      String url = "127.0.0.1:" + server.getAddress().getPort() + "/hostname";

      assertThat(load("--rate=50", "--duration=200ms", "--timeout=9s", url)).isZero();

      assertThat(lines()).hasSize(10).allMatch(line -> line.matches(LINE));
      assertThat(lines()).allMatch(line -> line.contains("\"ok\":true,\"result\":\"web-1\""));
      assertThat(ports).as("a connection each, and two to warm up").hasSize(12);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldKeepStreams() throws IOException {
    HttpServer server = server(200, "x");
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();

      assertThat(load("--type=stream", "--concurrency=1", "--rate=50", "--duration=200ms", url))
          .isZero();

      assertThat(lines()).hasSize(10).allMatch(line -> line.contains("\"ok\":true"));
      assertThat(ports).hasSize(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldTellWhatWasWrong() throws IOException {
    HttpServer server = server(503, "down");
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
      closed = socket.getLocalPort();
    }
    try {
      String[] pace = {"--rate=100", "--duration=10ms", "--timeout=9s"};
      load(pace[0], pace[1], pace[2], "127.0.0.1:" + server.getAddress().getPort());
      load(pace[0], pace[1], pace[2], "127.0.0.1:" + closed);
      load(pace[0], pace[1], pace[2], "--type=tcp", "127.0.0.1:" + closed);
      load(pace[0], pace[1], pace[2], "--type=exec", "--", "sh", "-c", "exit 3");
      load(pace[0], pace[1], pace[2], "--type=exec", "--expect=b", "--", "echo", "a");
    } finally {
      server.stop(0);
    }

    assertThat(lines())
        .extracting(line -> line.replaceFirst(".*\"ok\":false,\"result\":\"(.*)\"}", "$1"))
        .containsExactly("status 503", "REFUSED", "REFUSED", "exit code 3", "unexpected: a");
  }

  @Test
  void shouldRefuseWhatItCannotDo() {
    assertThat(load("--type=ftp", "x")).isEqualTo(2);
    assertThat(load("--type=tcp", "nowhere")).isEqualTo(2);
    assertThat(load("--rate=-1", "x")).isEqualTo(2);
    assertThat(load("--expect=(", "x")).isEqualTo(2);
    assertThat(load("--type=dns", "--record=COW", "x")).isEqualTo(2);
    assertThat(error.toString())
        .contains("none of http", "write HOST:PORT", "--rate must", "--expect:", "'COW'");
  }
}
