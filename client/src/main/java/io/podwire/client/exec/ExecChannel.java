package io.podwire.client.exec;

/** First byte of each message of v5.channel.k8s.io: which stream it belongs to. */
enum ExecChannel {
  STDIN(0),
  STDOUT(1),
  STDERR(2),
  /** The Status with which the program ended. */
  ERROR(3),
  /** The terminal's size. */
  RESIZE(4),
  /** The stream named by the next byte has ended. */
  CLOSE(255);

  private final int code;

  ExecChannel(int code) {
    this.code = code;
  }

  byte code() {
    return (byte) code;
  }
}
