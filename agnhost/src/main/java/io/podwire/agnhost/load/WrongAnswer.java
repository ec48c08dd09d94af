package io.podwire.agnhost.load;

import java.io.IOException;

/** An answer that came, but is not the one that was hoped for; the message is the answer. */
final class WrongAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  WrongAnswer(String answer) {
    super(answer);
  }
}
