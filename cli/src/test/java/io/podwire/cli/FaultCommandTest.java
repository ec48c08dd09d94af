package io.podwire.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The commands against a server that answers by method and path. */
@Timeout(30)
class FaultCommandTest {
  private static final String FAULTS = "/apis/podwire.io/v1alpha1/namespaces/default/networkfaults";
  private static final String NOTHING =
      "{\"kind\":\"Status\",\"code\":404,\"message\":\"not found\"}";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;

  private record Result(int exitCode, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldListTheLinksOfADryRun() {
    answers.put(
        "POST " + FAULTS + "?dryRun=All",
        """
        {"metadata":{"name":"x"},"status":{"links":[
          {"node":"n1","pod":"default/web","direction":"egress","peers":["10.0.0.1"]}]}}
        """);

    Result result = run("fault", "delay", "100ms", "--pod", "web", "--dry-run");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            NODE   LINK              DIRECTION   TRAFFIC
            n1     Pod default/web   egress      peers 10.0.0.1
            """);
    assertThat(requests).hasSize(1);
  }

  @Test
  void shouldFailWhereAWaitedForFaultMatchedNothing() {
    answers.put("POST " + FAULTS, "{\"metadata\":{\"name\":\"slow\"}}");
    answers.put(
        "GET " + FAULTS + "/slow",
        """
        {"status":{"phase":"Ended","endTime":"t","verdict":"no-match","verdictMessage":"nothing",
          "receipts":[{"link":"Pod default/web","direction":"egress","ended":true}]}}
        """);

    Result result =
        run("fault", "delay", "100ms", "--all", "--duration", "1s", "--wait", "--as", "slow");

    assertThat(result.out())
        .contains("networkfault/slow created", "Pod default/web", "verdict: no-match (nothing)");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void shouldRemoveAllFaultsAndSayWhich() {
    answers.put(
        "GET /apis/podwire.io/v1alpha1/networkfaults",
        "{\"items\":[{\"metadata\":{\"name\":\"slow\",\"namespace\":\"shop\"}}]}");
    answers.put("GET /apis/chaos-mesh.org/v1alpha1/networkchaos", "{\"items\":[]}");
    answers.put("GET /apis/chaos-mesh.org/v1alpha1/dnschaos", "{\"items\":[]}");
    answers.put(
        "GET /apis/chaos-mesh.org/v1alpha1/podchaos",
        "{\"items\":[{\"metadata\":{\"name\":\"kill\",\"namespace\":\"default\"}}]}");
    String slow = "DELETE /apis/podwire.io/v1alpha1/namespaces/shop/networkfaults/slow";
    String kill = "DELETE /apis/chaos-mesh.org/v1alpha1/namespaces/default/podchaos/kill";
    answers.put(slow, "{}");
    answers.put(kill, "{}");

    Result result = run("heal");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .isEqualTo("networkfault shop/slow removed\npodchaos default/kill removed\n");
    assertThat(requests).contains(slow, kill);
  }

  @Test
  void shouldFindFaultsOfEveryKindByName() {
    String chaos = "/apis/chaos-mesh.org/v1alpha1/namespaces/default/networkchaos/slow";
    answers.put(
        "GET " + chaos, "{\"kind\":\"NetworkChaos\",\"status\":{\"verdict\":\"confirmed\"}}");
    answers.put("DELETE " + chaos, "{}");

    assertThat(run("fault", "receipt", "slow", "-o", "json").out())
        .contains("\"verdict\" : \"confirmed\"");
    assertThat(run("fault", "rm", "networkchaos/slow").out())
        .isEqualTo("networkchaos/slow removed\n");
    Result missing = run("fault", "rm", "quick");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("no fault \"quick\" in namespace default");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    requests.add(request);
    String body = answers.get(request);
    exchange.sendResponseHeaders(body == null ? 404 : 200, 0);
    try (OutputStream stream = exchange.getResponseBody()) {
      stream.write((body == null ? NOTHING : body).getBytes(UTF_8));
    }
  }

  private Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Podwire.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    String[] all = new String[args.length + 2];
    all[0] = "--server";
    all[1] = "http://127.0.0.1:" + server.getAddress().getPort();
    System.arraycopy(args, 0, all, 2, args.length);
    int exitCode = commandLine.execute(all);
    return new Result(exitCode, out.toString(), err.toString());
  }
}
