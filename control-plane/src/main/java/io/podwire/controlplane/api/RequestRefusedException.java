package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A request made without HTTP that was refused; each problem is a sentence with its fix. */
public final class RequestRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean forName;
  private final List<String> problems;

  private RequestRefusedException(String message, boolean forName, List<String> problems) {
    super(message);
    this.forName = forName;
    this.problems = List.copyOf(problems);
  }

  static RequestRefusedException of(ApiException failure) {
    List<String> problems = new ArrayList<>();
    for (JsonNode cause : failure.status().path("details").path("causes")) {
      problems.add(cause.path("message").asText());
    }
    String message = failure.status().path("message").asText();
    boolean forName = failure.status().path("reason").asText().equals("AlreadyExists");
    return new RequestRefusedException(
        message, forName, problems.isEmpty() ? List.of(message) : problems);
  }

  /** Whether an object of that name is there already. */
  public boolean isForName() {
    return forName;
  }

  public List<String> problems() {
    return problems;
  }
}
