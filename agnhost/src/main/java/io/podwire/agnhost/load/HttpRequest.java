package io.podwire.agnhost.load;

import java.io.IOException;
import java.net.URI;

/** A GET on a connection of its own, so that a Service chooses an endpoint for each. */
record HttpRequest(URI url, Expectation expectation) implements Request {
  private static final int ERRORS = 400;

  @Override
  public String make(int timeoutMillis) throws IOException {
    try (HttpConnection connection = new HttpConnection(url, timeoutMillis)) {
      return judge(connection.get(false, connection.deadline()), expectation);
    }
  }

  static String judge(HttpConnection.Answer answer, Expectation expectation) throws WrongAnswer {
    if (answer.status() >= ERRORS) {
      throw new WrongAnswer("status " + answer.status());
    }
    return expectation.judge(answer.body());
  }
}
