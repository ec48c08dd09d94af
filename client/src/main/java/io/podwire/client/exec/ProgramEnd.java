package io.podwire.client.exec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.podwire.client.api.ApiStatus;
import java.io.IOException;

/**
 * How a program in a Pod ended.
 *
 * @param exitCode what the program, or in its place the server, exits with
 * @param failure why it could not be run at all; empty where it ran
 */
public record ProgramEnd(int exitCode, String failure) {
  private static final JsonMapper JSON = new JsonMapper();
  static final int FAILED = 1;
  private static final String NON_ZERO = "NonZeroExitCode";
  private static final String EXIT_CODE = "ExitCode";

  /** Reads the Status of the error channel. */
  static ProgramEnd parse(byte[] status) {
    try {
      JsonNode node = JSON.readTree(status);
      if (node.path("status").asText().equals("Success")) {
        return new ProgramEnd(0, "");
      }
      ApiStatus reasons = ApiStatus.of(500, node);
      if (reasons.reason().equals(NON_ZERO)) {
        for (ApiStatus.Cause cause : reasons.causes()) {
          if (cause.reason().equals(EXIT_CODE)) {
            return new ProgramEnd(Integer.parseInt(cause.message()), "");
          }
        }
      }
      return new ProgramEnd(FAILED, reasons.message());
    } catch (IOException | NumberFormatException odd) {
      return new ProgramEnd(
          FAILED, "the control plane ended the program with an unreadable Status");
    }
  }
}
