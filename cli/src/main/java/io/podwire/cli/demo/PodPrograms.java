package io.podwire.cli.demo;

import io.podwire.client.api.ApiClient;
import io.podwire.client.exec.ExecRequest;
import io.podwire.client.exec.ExecSession;
import io.podwire.client.exec.ProgramEnd;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Runs programs in the demonstration's Pods and keeps what they write. */
final class PodPrograms {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ApiClient api;
  private final String namespace;

  PodPrograms(ApiClient api, String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  /** What a program did; the outputs are stripped of blanks around them. */
  record Outcome(int exitCode, String stdout, String stderr) {

    /** For people: the output, or where there is none the error, or the exit code. */
    String text() {
      if (!stdout.isEmpty()) {
        return stdout;
      }
      return stderr.isEmpty() ? "nothing, exit code " + exitCode : stderr;
    }
  }

  Outcome run(String pod, List<String> command) {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    ExecRequest request = ExecRequest.of(namespace, pod, command);
    try (ExecSession session = ExecSession.start(api.transport(), request, stdout, stderr)) {
      ProgramEnd end = session.await(PATIENCE);
      String error = stderr.toString(StandardCharsets.UTF_8).strip();
      return new Outcome(
          end.exitCode(),
          stdout.toString(StandardCharsets.UTF_8).strip(),
          end.failure().isEmpty() ? error : end.failure());
    }
  }

  /** The command as a person would type it. */
  String typed(String pod, List<String> command) {
    return "podwire exec -n "
        + namespace
        + " "
        + pod
        + " -- "
        + String.join(" ", command.stream().map(PodPrograms::quoted).toList());
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
