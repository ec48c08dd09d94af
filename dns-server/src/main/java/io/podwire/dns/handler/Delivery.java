package io.podwire.dns.handler;

import io.podwire.packet.dns.Rdata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private final String server;
  private final List<Rdata.Opt.Option> options = new ArrayList<>();
  private int payloadSize;
  private boolean proven;
  private @Nullable String dropped;
  private String answeredBy = "";
  private int idMask;

  private Delivery(Way way, String server) {
    this.way = way;
    this.server = server;
  }

  public static Delivery overUdp() {
    return overUdp("");
  }

  /**
   * As a datagram.
   *
   * @param server as {@link #server()} gives it
   */
  public static Delivery overUdp(String server) {
    return new Delivery(Way.UDP, server);
  }

  public static Delivery overTcp() {
    return overTcp("");
  }

  /** Over a connection; see {@link #overUdp(String)}. */
  public static Delivery overTcp(String server) {
    return new Delivery(Way.TCP, server);
  }

  /** The server itself asks: for the target of an alias, or for what it may give again. */
  public static Delivery inside() {
    return new Delivery(Way.INSIDE, "");
  }

  /** Whether a client waits for the answer. */
  public boolean isToClient() {
    return way != Way.INSIDE;
  }

  /** Whether a client waits for a datagram. */
  public boolean isOverUdp() {
    return way == Way.UDP;
  }

  /** The listener that the query came to, such as {@code dns://:53}. */
  public String server() {
    return server;
  }

  /** {@code udp} or {@code tcp}. */
  public String protocol() {
    return way == Way.TCP ? "tcp" : "udp";
  }

  /** The answer carries an EDNS option more, if its query has EDNS. */
  public void option(Rdata.Opt.Option option) {
    options.add(option);
  }

  public List<Rdata.Opt.Option> options() {
    return options;
  }

  /** The client's address is no forged one: it sent what only its own host was told. */
  public void prove() {
    proven = true;
  }

  /** The handler that was asked last: it answers, unless it asks another. */
  void asked(String handler) {
    answeredBy = handler;
  }

  /** The name of the handler that answered; empty where none did. */
  public String answeredBy() {
    return answeredBy;
  }

  /** Whether nobody can have forged the client's address. */
  public boolean isProven() {
    return proven || way == Way.TCP;
  }

  /** A datagram has at most so many octets, in place of the server's own limit. */
  public void limit(int octets) {
    payloadSize = octets;
  }

  /** The limit of datagrams, or the one given where nobody set any. */
  public int limitOr(int otherwise) {
    return payloadSize == 0 ? otherwise : payloadSize;
  }

  /**
   * Nothing goes out.
   *
   * @param counter of the server's that counts it
   */
  public void drop(String counter) {
    dropped = counter;
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
    return dropped != null;
  }

  /** What counts it; null where it is not dropped. */
  public @Nullable String dropped() {
    return dropped;
  }

  /** The id of an answer to a query with this one. */
  public int id(int asked) {
    return asked ^ idMask;
  }
}
