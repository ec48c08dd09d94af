package io.podwire.cli.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultHolderTest {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile String phase = "Running";
  private HttpServer server;
  private ApiClient api;
  private FaultHolder holder;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve();
    api = new ApiClient(new ApiAddress.Tcp("127.0.0.1", server.getAddress().getPort()));
    holder =
        new FaultHolder(api, Resource.NETWORK_FAULT.objectPath("default", "held"), complaints::add);
  }

  private void serve() {
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          requests.add(exchange.getRequestMethod() + " " + body);
          if (body.contains("\"Ended\"")) {
            phase = "Ended";
          }
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream stream = exchange.getResponseBody()) {
            stream.write(
                ("{\"status\":{\"phase\":\"%s\",\"endTime\":\"t\",\"receipts\":[{\"ended\":true}]}}")
                    .formatted(phase)
                    .getBytes(UTF_8));
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    api.close();
    server.stop(0);
  }

  @Test
  void shouldBeatUntilItIsStoppedAndThenEndTheFault() throws Exception {
    CompletableFuture<Boolean> held = CompletableFuture.supplyAsync(() -> holder.hold(1));
    await()
        .until(() ->
            requests.stream().filter(each -> each.contains("podwire.io/heartbeat")).count() >= 2);
    assertThat(complaints).isEmpty();

    holder.stop();
    assertThat(held.get(10, TimeUnit.SECONDS)).isTrue();
    JsonNode fault = holder.end();
    holder.remove();

    assertThat(fault.at("/status/phase").asText()).isEqualTo("Ended");
    assertThat(requests)
        .contains("PATCH {\"status\":{\"phase\":\"Ended\"}}")
        .last()
        .asString()
        .startsWith("DELETE");
  }

  @Test
  void shouldStopWhereTheFaultHasEndedWithoutIt() {
    phase = "Ended";

    assertThat(holder.hold(1)).isFalse();
  }

  @Test
  void shouldOutliveASilentControlPlane() throws Exception {
    int port = server.getAddress().getPort();
    server.stop(0);
    CompletableFuture<Boolean> held = CompletableFuture.supplyAsync(() -> holder.hold(1));
    await().until(() -> !complaints.isEmpty());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    phase = "Ended";
    serve();

    assertThat(held.get(20, TimeUnit.SECONDS)).isFalse();
    assertThat(complaints).hasSize(1).first().asString().contains("no control plane answers");
  }
}
