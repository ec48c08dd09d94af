package io.podwire.controlplane.api;

import static io.podwire.controlplane.api.ApiFixture.documents;
import static io.podwire.controlplane.api.ApiFixture.namespace;
import static io.podwire.controlplane.api.ApiFixture.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.proto.v1.CaptureRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PodAccessTest {

  private static final String POD = "/api/v1/namespaces/hello/pods/a";

  private final ApiFixture api = new ApiFixture();
  private final FakeAgent agent;

  PodAccessTest() throws IOException {
    agent = new FakeAgent();
  }

  @BeforeEach
  void runPod() {
    api.storeNode("node-1", agent.port());
    api.storeNode("node-2", 0);
    api.apply(documents(namespace("hello"), pod("hello", "a"), pod("hello", "b")));
    api.run("hello", "a", "node-1", "Running");
  }

  @AfterEach
  void close() {
    api.close();
    agent.close();
  }

  @Test
  void shouldPassOutputAndExitCodeOn() throws Exception {
    Client client = exec("?command=sh&command=3&stdout=true&stderr=true");

    assertThat(client.status())
        .isEqualTo(
            """
            {"metadata":{},"status":"Failure",\
            "message":"command terminated with non-zero exit code: exit status 3",\
            "reason":"NonZeroExitCode",\
            "details":{"causes":[{"reason":"ExitCode","message":"3"}]}}\
            """);
    assertThat(client.text(1)).isEqualTo("out");
    assertThat(client.text(2)).isEqualTo("err");
    assertThat(client.socket.getSubprotocol()).isEqualTo("v5.channel.k8s.io");
    assertThat(agent.started)
        .singleElement()
        .satisfies(start -> {
          assertThat(start.getPod()).isEqualTo("a");
          assertThat(start.getContainer()).isEqualTo("main");
          assertThat(start.getCommandList()).containsExactly("sh", "3");
          assertThat(start.getStdin()).isFalse();
        });
  }

  @Test
  void shouldPassInputItsEndAndTheTerminalsSizeOn() throws Exception {
    Client client = exec("?command=cat&stdin=true&stdout=true&tty=true");
    client.send(4, "{\"Width\":80,\"Height\":24}");
    client.send(0, "hello ");
    client.send(0, "world");
    client.send(255, "\u0000");

    assertThat(client.status()).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
    assertThat(client.text(1)).isEqualTo("hello world");
    assertThat(agent.sizes)
        .singleElement()
        .satisfies(size -> {
          assertThat(size.getWidth()).isEqualTo(80);
          assertThat(size.getHeight()).isEqualTo(24);
        });
    assertThat(agent.started.getFirst().getTty()).isTrue();
  }

  @Test
  void shouldTellWhyAProgramDidNotRun() throws Exception {
    assertThat(exec("?command=missing&stdout=true").status()).contains("no program 'missing'");
    assertThat(exec("?command=broken&stdout=true").status()).contains("agent broke");
  }

  @Test
  void shouldNotReadFasterThanTheClient() throws Exception {
    Client client = exec("?command=flood&stdout=true", false);
    await().atMost(Duration.ofSeconds(10)).until(() -> agent.flooded.get() > 0);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(20))
        .until(agent.flooded::get, new StandStill()::holds);
    assertThat(agent.flooded.get()).isLessThan(FakeAgent.FLOOD_CHUNKS / 2);

    client.readOn();
    assertThat(client.status()).contains("Success");
    assertThat(client.text(1).length()).isEqualTo(FakeAgent.FLOOD_CHUNK * FakeAgent.FLOOD_CHUNKS);
  }

  @Test
  void shouldEndTheProgramWithTheClient() throws Exception {
    Client client = exec("?command=cat&stdin=true&stdout=true");
    await().atMost(Duration.ofSeconds(10)).until(() -> !agent.started.isEmpty());
    client.socket.abort();

    assertThat(agent.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldAnswerAStatusInsteadOfTheUpgrade() {
    assertThat(refused("a", "?stdout=true")).isEqualTo(400);
    assertThat(refused("a", "?command=sh")).isEqualTo(400);
    assertThat(refused("a", "?command=sh&stdout=true&container=x")).isEqualTo(400);
    assertThat(refused("nobody", "?command=sh&stdout=true")).isEqualTo(404);
    assertThat(refused("b", "?command=sh&stdout=true")).isEqualTo(400);
    api.run("hello", "b", "node-2", "Running");
    assertThat(refused("b", "?command=sh&stdout=true")).isEqualTo(503);
    agent.close();
    assertThat(refused("a", "?command=sh&stdout=true")).isEqualTo(503);
    assertThat(api.get(POD + "/exec?command=sh&stdout=true").message()).contains("WebSocket");
  }

  @Test
  void shouldServeLogs() throws Exception {
    assertThat(text("/log?tailLines=5")).isEqualTo("one\ntwo\n");
    assertThat(text("/log?limitBytes=6")).isEqualTo("one\ntw");
    assertThat(agent.logRequests.getFirst().getTailLines()).isEqualTo(5);
    assertThat(agent.logRequests.getLast().getTailLines()).isEqualTo(-1);
    assertThat(api.get(POD + "/log?previous=true").code()).isEqualTo(404);
    assertThat(api.get(POD + "/log?container=x").message()).contains("its containers are main");
    assertThat(api.get(POD + "/log?sinceSeconds=1").code()).isEqualTo(400);
  }

  @Test
  void shouldFollowLogsUntilTheClientGoes() throws Exception {
    HttpResponse<InputStream> response =
        api.client()
            .send(
                HttpRequest.newBuilder(api.uri("http", POD + "/log?follow=true")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(new String(response.body().readNBytes(8), StandardCharsets.UTF_8))
        .isEqualTo("one\ntwo\n");
    response.body().close();

    assertThat(agent.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldPassACaptureOn() throws Exception {
    assertThat(text("/capture?filter=tcp%20port%2080&count=2&duration=1.5s&snaplen=96"))
        .isEqualTo("onetwo");
    CaptureRequest asked = agent.captureRequests.getFirst();
    assertThat(asked.getNamespace() + "/" + asked.getPod()).isEqualTo("hello/a");
    assertThat(asked.getFilter()).isEqualTo("tcp port 80");
    assertThat(asked.getCount()).isEqualTo(2);
    assertThat(asked.getDuration()).isEqualTo(1_500_000_000L);
    assertThat(asked.getSnapLength()).isEqualTo(96);

    api.client()
        .send(
            HttpRequest.newBuilder(api.uri("http", "/api/v1/nodes/node-1/capture?count=1")).build(),
            HttpResponse.BodyHandlers.discarding());
    assertThat(agent.captureRequests.getLast().getPod()).isEmpty();
  }

  @Test
  void shouldRefuseACaptureThatCannotBe() throws Exception {
    assertThat(api.get(POD + "/capture?filter=wrong").code()).isEqualTo(400);
    assertThat(api.get(POD + "/capture?duration=5").message())
        .isEqualTo("duration '5' has no unit; write it as 100ms, 1.5s or 1h5m");
    assertThat(api.get(POD + "/capture?duration=-5s").code()).isEqualTo(400);
    assertThat(api.get("/api/v1/namespaces/hello/pods/none/capture").code()).isEqualTo(404);
    assertThat(api.get("/api/v1/namespaces/hello/pods/b/capture").message())
        .contains("is not on a node yet");
    assertThat(api.get("/api/v1/nodes/none/capture").message())
        .isEqualTo("nodes \"none\" not found");
    assertThat(api.get("/api/v1/nodes/node-2/capture").code()).isEqualTo(503);
  }

  @Test
  void shouldEndACaptureWhenTheClientGoes() throws Exception {
    HttpResponse<InputStream> response =
        api.client()
            .send(
                HttpRequest.newBuilder(api.uri("http", POD + "/capture")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("content-type")).contains("application/x-pcapng");
    assertThat(new String(response.body().readNBytes(6), StandardCharsets.UTF_8))
        .isEqualTo("onetwo");
    response.body().close();

    assertThat(agent.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private String text(String path) throws IOException, InterruptedException {
    return api.client()
        .send(
            HttpRequest.newBuilder(api.uri("http", POD + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private int refused(String name, String query) {
    try {
      connect("/api/v1/namespaces/hello/pods/" + name + "/exec" + query, new Client(true));
      throw new AssertionError("the upgrade of " + name + query + " was not refused");
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refusal) {
        return refusal.getResponse().statusCode();
      }
      throw e;
    }
  }

  private Client exec(String query) {
    return exec(query, true);
  }

  private Client exec(String query, boolean reading) {
    Client client = new Client(reading);
    client.socket = connect(POD + "/exec" + query, client);
    return client;
  }

  private WebSocket connect(String path, Client client) {
    return api.client()
        .newWebSocketBuilder()
        .subprotocols("v5.channel.k8s.io")
        .buildAsync(api.uri("ws", path), client)
        .join();
  }

  /** Whether the value is the one seen the time before. */
  private static final class StandStill {
    private long last = -1;

    boolean holds(long value) {
      boolean same = value == last;
      last = value;
      return same;
    }
  }

  /** Collects what comes in, by channel. */
  private static final class Client implements WebSocket.Listener {
    final Map<Integer, ByteArrayOutputStream> streams = new TreeMap<>();
    final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final boolean reading;
    private int channel = -1;
    WebSocket socket;

    @SuppressWarnings("NullAway.Init")
    Client(boolean reading) {
      this.reading = reading;
    }

    @Override
    public void onOpen(WebSocket opened) {
      if (reading) {
        opened.request(Long.MAX_VALUE);
      }
    }

    void readOn() {
      socket.request(Long.MAX_VALUE);
    }

    void send(int to, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      ByteBuffer message = ByteBuffer.allocate(bytes.length + 1).put((byte) to).put(bytes).flip();
      socket.sendBinary(message, true).join();
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      synchronized (streams) {
        if (channel < 0) {
          channel = data.get();
        }
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        streams.computeIfAbsent(channel, c -> new ByteArrayOutputStream()).writeBytes(bytes);
        if (last) {
          channel = -1;
        }
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(null);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed.completeExceptionally(failure);
    }

    /** The closing Status. */
    String status() throws Exception {
      closed.get(40, TimeUnit.SECONDS);
      return text(3);
    }

    String text(int stream) {
      synchronized (streams) {
        ByteArrayOutputStream bytes = streams.get(stream);
        return bytes == null ? "" : bytes.toString(StandardCharsets.UTF_8);
      }
    }
  }
}
