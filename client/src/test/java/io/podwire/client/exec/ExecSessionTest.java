package io.podwire.client.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.ApiTransport;
import io.podwire.client.api.ApiUnreachable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ExecSessionTest {
  private static final ExecRequest CAT =
      new ExecRequest("hello", "client", "main", List.of("cat", "a b&c"), true, false);

  @TempDir Path folder;
  private FakeControlPlane server;
  private ApiTransport transport;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    Path socket = folder.resolve("api.sock");
    server = new FakeControlPlane(socket);
    transport = new ApiTransport(new ApiAddress.Unix(socket));
  }

  @AfterEach
  void stop() {
    transport.close();
    server.close();
  }

  @Test
  void shouldCarryInputOutputsAndExitCode() {
    byte[] input = new byte[200_000];
    new Random(1).nextBytes(input);

    try (ExecSession session = ExecSession.start(transport, CAT, stdout, stderr)) {
      session.resize(100, 30);
      session.feed(new ByteArrayInputStream(input));

      assertThat(session.await()).isEqualTo(new ProgramEnd(7, ""));
    }

    assertThat(stdout.toByteArray()).isEqualTo(input);
    assertThat(stderr.toByteArray()).isEqualTo(input);
    assertThat(server.resizes).containsExactly("{\"Width\":100,\"Height\":30}");
    assertThat(server.requests)
        .containsExactly(
            "/api/v1/namespaces/hello/pods/client/exec?command=cat&command=a%20b%26c"
                + "&container=main&stdin=true&stdout=true&stderr=true&tty=false");
  }

  @Test
  void shouldTellTheServersReasonWhereItRefuses() {
    ExecRequest missing = ExecRequest.of("hello", "missing", List.of("true"));

    assertThatThrownBy(() -> ExecSession.start(transport, missing, stdout, stderr))
        .isInstanceOf(ApiRefusal.class)
        .hasMessage("pods \"missing\" not found");
  }

  @Test
  void shouldFailWhereTheConnectionBreaksOff() {
    try (ExecSession session = ExecSession.start(transport, CAT, stdout, stderr)) {
      server.disconnect();
      assertThatThrownBy(session::await)
          .hasMessage("the connection broke off before the program ended");
    }
  }

  @Test
  void shouldTellWhereNobodyAnswers() {
    Path nobody = folder.resolve("nobody.sock");
    try (ApiTransport none = new ApiTransport(new ApiAddress.Unix(nobody))) {
      assertThatThrownBy(() -> ExecSession.start(none, CAT, stdout, stderr))
          .isInstanceOf(ApiUnreachable.class)
          .hasMessageContaining("unix:" + nobody)
          .hasMessageContaining("podwire up");
    }
    assertThat(new String(stdout.toByteArray(), UTF_8)).isEmpty();
  }
}
