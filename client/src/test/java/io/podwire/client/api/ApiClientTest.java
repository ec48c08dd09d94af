package io.podwire.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ApiClientTest {
  private HttpServer server;
  private ApiClient api;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    api = new ApiClient(new ApiAddress.Tcp("127.0.0.1", server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    api.close();
    server.stop(0);
  }

  @Test
  void shouldReadLargeChunkedAnswers() {
    String text = "\"" + "x".repeat(3_000_000) + "\"";
    answer(200, text);

    assertThat(api.get("/api/v1/pods").asText()).hasSize(3_000_000);
  }

  @Test
  void shouldReadWatchEventsOneByOne() {
    answer(
        200,
        """
        {"type":"ADDED","object":{"metadata":{"name":"a"}}}
        {"type":"DELETED","object":{"metadata":{"name":"a"}}}
        """);

    try (Watch watch = Watch.open(api, "/api/v1/pods", "4")) {
      assertThat(watch.next().map(Watch.Event::type)).contains("ADDED");
      assertThat(watch.next().map(event -> event.object().at("/metadata/name").asText()))
          .contains("a");
      assertThat(watch.next()).isEmpty();
    }
  }

  @Test
  void shouldTellEachCauseOfARefusal() {
    answer(
        422,
        """
        {"kind":"Status","code":422,"reason":"Invalid","message":"2 problems; nothing was applied",
         "details":{"causes":[{"field":"a","message":"a: is wrong"},{"field":"b","message":"b: too"}]}}
        """);

    assertThatThrownBy(() -> api.get("/api/v1/pods"))
        .isInstanceOf(ApiRefusal.class)
        .hasMessage("2 problems; nothing was applied\n  a: is wrong\n  b: too");
  }

  @Test
  void shouldTellWhatAnAnswerWithoutStatusSaid() {
    answer(502, "bad gateway");

    assertThatThrownBy(() -> api.get("/healthz")).hasMessage("HTTP 502 for /healthz: bad gateway");
  }

  @Test
  void shouldTellWhereNobodyAnswers() {
    server.stop(0);

    assertThatThrownBy(() -> api.get("/version"))
        .isInstanceOf(ApiUnreachable.class)
        .hasMessageMatching(
            "no control plane answers at http://127.0.0.1:\\d+ \\(.*\\): check --server");
  }

  private void answer(int status, String body) {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, 0);
          try (OutputStream stream = exchange.getResponseBody()) {
            stream.write(body.getBytes(UTF_8));
          }
        });
  }
}
