package io.podwire.agnhost.load;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/**
 * A GET on a connection that is kept: what is wrong with one TCP stream shows in each of its
 * requests. A connection that failed is replaced by the next request.
 */
final class StreamRequest implements Request {
  private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
  private final URI url;
  private final Expectation expectation;

  StreamRequest(URI url, Expectation expectation) {
    this.url = url;
    this.expectation = expectation;
  }

  @Override
  public String make(int timeoutMillis) throws IOException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    HttpConnection held = idle.poll();
    HttpConnection connection = held == null ? new HttpConnection(url, timeoutMillis) : held;
    boolean good = false;
    try {
      HttpConnection.Answer answer = connection.get(true, until);
      good = !connection.isClosing();
      return HttpRequest.judge(answer, expectation);
    } finally {
      if (good) {
        idle.push(connection);
      } else {
        connection.close();
      }
    }
  }

  @Override
  public void close() {
    for (HttpConnection each = idle.poll(); each != null; each = idle.poll()) {
      each.close();
    }
  }
}
