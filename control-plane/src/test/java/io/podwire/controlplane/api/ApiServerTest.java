package io.podwire.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerTest {

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldLetClientsDiscoverWhatThereIs() {
    assertThat(api.get("/version").at("/gitVersion").asText()).startsWith("v1.32.");
    assertThat(api.get("/api").at("/versions/0").asText()).isEqualTo("v1");
    assertThat(api.get("/apis").json().path("groups").findValuesAsText("name"))
        .containsExactly("chaos-mesh.org", "discovery.k8s.io", "podwire.io");
    assertThat(api.get("/apis").at("/groups/1/preferredVersion/groupVersion").asText())
        .isEqualTo("discovery.k8s.io/v1");
    assertThat(api.get("/apis/podwire.io/v1alpha1").at("/resources/0/shortNames/0").asText())
        .isEqualTo("nf");
    assertThat(api.get("/apis/discovery.k8s.io").at("/kind").asText()).isEqualTo("APIGroup");
    var core = api.get("/api/v1").json();
    assertThat(core.path("resources").findValuesAsText("name"))
        .containsExactly(
            "endpoints",
            "namespaces",
            "namespaces/status",
            "nodes",
            "nodes/status",
            "pods",
            "pods/exec",
            "pods/log",
            "pods/status",
            "services",
            "services/status");
    assertThat(core.at("/resources/9").toString())
        .isEqualTo(
            """
            {"name":"services","singularName":"service","namespaced":true,"kind":"Service",\
            "verbs":["create","delete","get","list","patch","update","watch"],\
            "shortNames":["svc"],"categories":["all"]}\
            """);
    assertThat(api.get("/apis/discovery.k8s.io/v1").at("/resources/0/kind").asText())
        .isEqualTo("EndpointSlice");
  }

  @Test
  void shouldServeAUnixSocketThatOnlyItsOwnerMayUse(@TempDir Path folder) throws IOException {
    Path socket = folder.resolve("api.sock");
    api.server.listen(socket);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      assertThat(exchange(channel, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("\r\n\r\nok");
    }
  }

  @Test
  void shouldReplaceAStaleSocketAndRefuseAServedOne(@TempDir Path folder) throws IOException {
    Path socket = folder.resolve("api.sock");
    api.server.listen(socket);
    try (ApiServer second = new ApiServer(api.environment, () -> true)) {
      assertThatThrownBy(() -> second.listen(socket))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("another process serves on " + socket);
      api.server.close();
      if (!Files.exists(socket)) {
        Files.createFile(socket);
      }
      second.listen(socket);
      assertThat(Files.exists(socket)).isTrue();
      assertThatThrownBy(() -> second.listen(folder.resolve("x".repeat(120))))
          .hasMessageContaining("107 at most");
    }
  }

  @Test
  void shouldSayWhichAddressIsTaken() {
    try (ApiServer second = new ApiServer(api.environment, () -> true)) {
      assertThatThrownBy(() -> second.listen(api.address))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("cannot listen on")
          .hasMessageContaining(Integer.toString(api.address.getPort()));
    }
  }

  @Test
  void shouldAnswerPipelinedRequestsInOrder() throws IOException {
    String answers =
        raw(
            "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answers).containsSubsequence("200 OK", "404 Not Found", "200 OK", "gitVersion");
  }

  @Test
  void shouldRefuseWebPages() throws IOException {
    assertThat(
            raw(
                "POST /podwire/v1/delete HTTP/1.1\r\nHost: x\r\nOrigin: http://evil.example\r\n"
                    + "Content-Length: 0\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ")
        .contains("Origin");
  }

  @Test
  void shouldRefuseWhatIsNotHttp() throws IOException {
    assertThat(raw("\u0000\u0001\u0002 nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(raw("GET /version HTTP/1.1\r\nX: " + "y".repeat(64 << 10) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(api.get("/version").code()).isEqualTo(200);
  }

  @Test
  void shouldSayWhetherItIsReady() {
    try (ApiServer starting = new ApiServer(api.environment, () -> false)) {
      InetSocketAddress address = starting.listen(new InetSocketAddress("127.0.0.1", 0));
      assertThat(raw(address, "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 503 ");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String raw(String request) throws IOException {
    return raw(api.address, request);
  }

  private static String raw(InetSocketAddress address, String request) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String exchange(SocketChannel channel, String request) throws IOException {
    channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
    return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
  }
}
