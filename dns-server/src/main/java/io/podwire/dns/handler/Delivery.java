package io.podwire.dns.handler;

/**
 * The way of an answer to its client, for handlers that want it to go wrong.
 *
 * <p>What is said holds for whatever the chain answers. Not thread-safe: nobody says anything once
 * the answer is complete; belongs to one query.
 */
public final class Delivery {

  private enum Way {
    UDP,
    TCP,
    INSIDE
  }

  private final Way way;
  private boolean dropped;
  private int idMask;

  private Delivery(Way way) {
    this.way = way;
  }

  public static Delivery overUdp() {
    return new Delivery(Way.UDP);
  }

  public static Delivery overTcp() {
    return new Delivery(Way.TCP);
  }

  /** The server itself asks: for the target of an alias, or for what it may give again. */
  public static Delivery inside() {
    return new Delivery(Way.INSIDE);
  }

  /** Whether a client waits for the answer. */
  public boolean isToClient() {
    return way != Way.INSIDE;
  }

  /** Whether a client waits for a datagram. */
  public boolean isOverUdp() {
    return way == Way.UDP;
  }

  /** Nothing goes out. */
  public void drop() {
    dropped = true;
  }

  /**
   * The answer goes out with another id.
   *
   * @param mask bits of the id that are turned
   */
  public void turnId(int mask) {
    idMask = mask & 0xffff;
  }

  public boolean isDropped() {
    return dropped;
  }

  /** The id of an answer to a query with this one. */
  public int id(int asked) {
    return asked ^ idMask;
  }
}
