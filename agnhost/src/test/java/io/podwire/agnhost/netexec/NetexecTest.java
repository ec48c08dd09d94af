package io.podwire.agnhost.netexec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetexecTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> exits = new CopyOnWriteArrayList<>();
  private UdpServer udp;
  private WebServer web;

  @BeforeEach
  void start() throws IOException {
    udp = UdpServer.start(0, "pod-1");
    UdpServer serving = udp;
    Endpoints endpoints =
        new Endpoints(
            "pod-1",
            serving::isServing,
            (code, wait, timeout) -> exits.add(code + " " + wait + " " + timeout));
    web = WebServer.start(0, endpoints::answer);
  }

  @AfterEach
  void stop() {
    web.close();
    udp.close();
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> dial(String parameters) throws IOException, InterruptedException {
    return get("/dial?host=127.0.0.1&" + parameters);
  }

  @Test
  void shouldSayWhoItIsAndWhoAsks() throws Exception {
    assertThat(get("/hostname").body()).isEqualTo("pod-1");
    assertThat(get("/hostName").body()).isEqualTo("pod-1");
    assertThat(get("/").body()).startsWith("NOW: ");
    assertThat(get("/anything").body()).startsWith("NOW: ");
    try (Socket socket = new Socket("127.0.0.1", web.port())) {
      socket.getOutputStream().write("GET /clientip HTTP/1.0\r\n\r\n".getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).endsWith("127.0.0.1:" + socket.getLocalPort());
    }
  }

  @Test
  void shouldEcho() throws Exception {
    assertThat(get("/echo?msg=a%20b%26%C3%A4&x=1").body()).isEqualTo("a b&ä");
    assertThat(get("/echo?msg=gone&code=410").statusCode()).isEqualTo(410);
    assertThat(get("/echo?msg=a&code=abc").statusCode()).isEqualTo(400);
    assertThat(get("/header?key=X-Trace", "X-Trace", "42").body()).isEqualTo("42");
    assertThat(get("/header?key=X-None").body()).isEmpty();
    HttpResponse<String> redirect = get("/redirect?location=/echo%3Fmsg=b&code=307");
    assertThat(redirect.statusCode()).isEqualTo(307);
    assertThat(redirect.headers().firstValue("location")).contains("/echo?msg=b");
  }

  @Test
  void shouldBeHealthyWhileUdpServes() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    udp.close();
    assertThat(get("/healthz").statusCode()).isEqualTo(412);
  }

  @Test
  void shouldRunCommands() throws Exception {
    HttpResponse<String> good =
        get("/shell?cmd=" + URLEncoder.encode("echo \"a b\"; id -u >&2", UTF_8));
    assertThat(good.statusCode()).isEqualTo(200);
    assertThat(good.body()).startsWith("{\"output\":\"a b\\n").doesNotContain("error");

    HttpResponse<String> bad = get("/shell?shellCommand=exit%203");
    assertThat(bad.statusCode()).isEqualTo(417);
    assertThat(bad.body()).isEqualTo("{\"error\":\"exit status 3\"}");
  }

  @Test
  void shouldExitAsTold() throws Exception {
    get("/exit?code=3&wait=10ms&timeout=2s");
    get("/exit");
    assertThat(get("/exit?code=x").statusCode()).isEqualTo(400);
    assertThat(get("/exit?timeout=x").statusCode()).isEqualTo(400);

    assertThat(exits)
        .containsExactly("3 " + Duration.ofMillis(10) + " " + Duration.ofSeconds(2), "0 PT0S PT0S");
  }

  @Test
  void shouldDialOverHttp() throws Exception {
    HttpResponse<String> answer = dial("port=" + web.port() + "&request=echo%3Fmsg%3Dhi&tries=3");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"responses\":[\"hi\",\"hi\",\"hi\"]}");
    // Whatever the status, a response is one.
    assertThat(dial("port=" + web.port() + "&request=echo%3Fmsg%3Dgone%26code%3D410").body())
        .isEqualTo("{\"responses\":[\"gone\"]}");
  }

  @Test
  void shouldDialOverUdp() throws Exception {
    assertThat(dial("protocol=udp&port=" + udp.port() + "&request=hostname&tries=2").body())
        .isEqualTo("{\"responses\":[\"pod-1\",\"pod-1\"]}");
    assertThat(dial("protocol=UDP&port=" + udp.port() + "&request=echo%20a%20b").body())
        .isEqualTo("{\"responses\":[\"a b\"]}");
    assertThat(dial("protocol=udp&port=" + udp.port() + "&request=clientip").body())
        .startsWith("{\"responses\":[\"127.0.0.1:");
  }

  @Test
  void shouldReportWhatFailed() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    HttpResponse<String> http = dial("port=" + closed + "&request=hostname");
    assertThat(http.statusCode()).isEqualTo(417);
    assertThat(http.body()).startsWith("{\"errors\":[\"").contains("refused");

    int closedUdp;
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      closedUdp = socket.getLocalPort();
    }
    assertThat(dial("protocol=udp&port=" + closedUdp + "&request=hostname").statusCode())
        .isEqualTo(417);
  }

  @Test
  void shouldRefuseDialsThatMakeNoSense() throws Exception {
    for (String parameters :
        new String[] {
          "port=80",
          "port=x&request=a",
          "port=99999&request=a",
          "port=80&request=a&tries=many",
          "port=80&request=a&protocol=sctp",
        }) {
      assertThat(dial(parameters).statusCode()).as(parameters).isEqualTo(400);
    }
    assertThat(get("/dial?host=no.such.host.invalid&port=80&request=a").statusCode())
        .isEqualTo(400);
  }

  @Test
  void shouldWriteJsonThatIsValid() {
    assertThat(JsonText.object(Map.of("a", "\"\\\n\t\r\u0001é\ud83d\ude00")))
        .isEqualTo("{\"a\":\"\\\"\\\\\\n\\t\\r\\u0001é\\ud83d\\ude00\"}");
  }
}
