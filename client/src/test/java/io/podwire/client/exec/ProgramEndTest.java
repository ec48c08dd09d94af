package io.podwire.client.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgramEndTest {
  @Test
  void shouldReadTheExitCode() {
    assertThat(end("{\"status\":\"Success\"}")).isEqualTo(new ProgramEnd(0, ""));
    assertThat(
            end(
                """
                {"status":"Failure","reason":"NonZeroExitCode",
                 "details":{"causes":[{"reason":"ExitCode","message":"137"}]}}
                """))
        .isEqualTo(new ProgramEnd(137, ""));
  }

  @Test
  void shouldTellWhyAProgramCouldNotRun() {
    assertThat(
            end(
                "{\"status\":\"Failure\",\"reason\":\"InternalError\",\"message\":\"no such"
                    + " program: nope\"}"))
        .isEqualTo(new ProgramEnd(1, "no such program: nope"));
  }

  @Test
  void shouldNotTakeNonsenseForSuccess() {
    assertThat(end("oops").exitCode()).isNotZero();
    assertThat(end("").exitCode()).isNotZero();
    assertThat(
            end("{\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"x\"}]}}")
                .exitCode())
        .isNotZero();
  }

  private static ProgramEnd end(String status) {
    return ProgramEnd.parse(status.getBytes(UTF_8));
  }
}
