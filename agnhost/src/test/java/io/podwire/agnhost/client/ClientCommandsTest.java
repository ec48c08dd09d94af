package io.podwire.agnhost.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ClientCommandsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final StringWriter error = new StringWriter();

  private int execute(Callable<Integer> command, String... args) {
    return new CommandLine(command).setErr(new PrintWriter(error)).execute(args);
  }

  private int connect(String... args) {
    return execute(new ConnectCommand(), args);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void shouldBeSilentWhereAConnectionOpens() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      assertThat(connect("127.0.0.1:" + server.getLocalPort(), "--timeout=5s")).isZero();
      assertThat(error.toString()).isEmpty();
    }
  }

  @Test
  void shouldTellRefusedFromTimeout() throws IOException {
    assertThat(connect("127.0.0.1:" + closedPort(), "--timeout=5s")).isEqualTo(1);
    assertThat(error.toString()).isEqualToIgnoringNewLines("REFUSED");
  }

  @Test
  void shouldTimeOutWhereTheBacklogIsFull() throws IOException {
    // A listener that accepts nothing: once its queue is full, the kernel drops what comes.
    try (ServerSocket full = new ServerSocket(0, 1, LOOPBACK)) {
      String target = "127.0.0.1:" + full.getLocalPort();
      int code = 0;
      for (int i = 0; i < 10 && code == 0; i++) {
        code = connect(target, "--timeout=300ms");
      }
      assertThat(code).isEqualTo(1);
      assertThat(error.toString()).isEqualToIgnoringNewLines("TIMEOUT");
    }
  }

  @Test
  void shouldTellNamesThatDoNotResolve() {
    assertThat(connect("no.such.host.invalid:80", "--timeout=5s")).isEqualTo(1);
    assertThat(error.toString()).startsWith("DNS");
  }

  @Test
  void shouldTellArgumentsThatMakeNoSense() {
    assertThat(connect("127.0.0.1")).isEqualTo(1);
    assertThat(connect("127.0.0.1:80", "--timeout=5")).isEqualTo(1);
    assertThat(connect("127.0.0.1:80", "--protocol=icmp")).isEqualTo(1);
    assertThat(error.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("UNKNOWN"));
  }

  @Test
  void shouldWaitForAnAnswerOverUdp() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, LOOPBACK)) {
      String target = "127.0.0.1:" + server.getLocalPort();
      assertThat(connect(target, "--protocol=udp", "--timeout=300ms")).isEqualTo(1);
      assertThat(error.toString()).isEqualToIgnoringNewLines("TIMEOUT");

      Thread echo =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  // The first datagram is left from the attempt before.
                  for (int i = 0; i < 2; i++) {
                    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                    server.receive(packet);
                    server.send(packet);
                  }
                } catch (IOException closed) {
                  // The test is over.
                }
              });
      assertThat(connect(target, "--protocol=udp", "--timeout=5s")).isZero();
      echo.join();
    }
    int closed;
    try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
      closed = socket.getLocalPort();
    }
    assertThat(connect("127.0.0.1:" + closed, "--protocol=udp", "--timeout=5s")).isEqualTo(1);
    assertThat(error.toString()).endsWith("REFUSED" + System.lineSeparator());
  }

  @Test
  void shouldPrintTheBodyOfAUrl() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String trace = exchange.getRequestHeaders().getFirst("X-Trace");
            byte[] body = ("trace " + trace).getBytes(UTF_8);
            int status = exchange.getRequestURI().getPath().equals("/missing") ? 404 : 200;
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    try {
      String base = "127.0.0.1:" + server.getAddress().getPort();
      GetCommand good = new GetCommand();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      good.out = body;
      assertThat(execute(good, base + "/", "-H", "X-Trace: 7")).isZero();
      assertThat(body.toString(UTF_8)).isEqualTo("trace 7");

      GetCommand missing = new GetCommand();
      missing.out = body;
      assertThat(execute(missing, "http://" + base + "/missing")).isEqualTo(22);
      assertThat(body.toString(UTF_8)).isEqualTo("trace 7trace null");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldFailAsCurlDoes() throws IOException {
    assertThat(execute(new GetCommand(), "http://127.0.0.1:" + closedPort())).isEqualTo(7);
    assertThat(execute(new GetCommand(), "http://no.such.host.invalid/")).isEqualTo(6);
    assertThat(execute(new GetCommand(), "http://[")).isEqualTo(3);
    assertThat(execute(new GetCommand(), "nothing://x")).isEqualTo(3);
    try (ServerSocket silent = new ServerSocket(0, 5, LOOPBACK)) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();
      assertThat(execute(new GetCommand(), url, "--timeout=300ms")).isEqualTo(28);
    }
  }
}
