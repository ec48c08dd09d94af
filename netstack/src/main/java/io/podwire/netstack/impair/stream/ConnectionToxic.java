package io.podwire.netstack.impair.stream;

/** A toxic that acts on one connection. */
final class ConnectionToxic {
  final RunningStreamFault owner;
  final Toxic toxic;
  private final int place;
  private final long connection;
  private long segments;

  /** When the stream is free again for what comes next. */
  long freeAt = Long.MIN_VALUE;

  /** Whether its time runs. */
  boolean hasBegun;

  /** Whether what happens once to a connection has happened. */
  boolean isDone;

  ConnectionToxic(RunningStreamFault owner, Toxic toxic, int place, long connection) {
    this.owner = owner;
    this.toxic = toxic;
    this.place = place;
    this.connection = connection;
  }

  long draw() {
    return owner.draw(place, connection, segments++);
  }

  void countOnce(Effect effect) {
    if (!isDone) {
      isDone = true;
      owner.count(effect);
    }
  }
}
