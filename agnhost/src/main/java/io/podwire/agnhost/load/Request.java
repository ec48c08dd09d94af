package io.podwire.agnhost.load;

import java.io.IOException;

/**
 * One kind of request. Thread-safe, unless it says otherwise: one of it is used by many threads.
 */
interface Request extends AutoCloseable {

  /**
   * Makes one and waits for its answer.
   *
   * @param timeoutMillis for the whole of it
   * @return what was answered, in a few words
   * @throws IOException where there was no answer
   * @throws WrongAnswer where there was another one than it should be
   */
  String make(int timeoutMillis) throws IOException, InterruptedException;

  @Override
  default void close() {}
}
