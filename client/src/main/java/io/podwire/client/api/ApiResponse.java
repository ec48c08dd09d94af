package io.podwire.client.api;

import java.io.IOException;
import java.io.InputStream;

/** An HTTP response whose body is still arriving; closing it ends the connection. */
public record ApiResponse(int status, InputStream body) implements AutoCloseable {

  /** Whether the request was served. */
  public boolean successful() {
    return status >= 200 && status < 300;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
