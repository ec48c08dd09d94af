package io.podwire.cli.experiment.plan;

import java.time.Duration;
import java.util.List;

/**
 * Requests that a program in a Pod makes for as long as the experiment lasts.
 *
 * @param pod where the program runs
 * @param target a URL, an address with a port, a name, or of type exec the program's words
 * @param rate requests a second; 0: as fast as they are answered
 * @param concurrency requests under way at once, at most
 * @param timeout of a whole request
 * @param send of type tcp: what is sent
 * @param expect a regular expression that an answer has to hold; empty: any
 * @param recordType of type dns
 */
public record Workload(
    String name,
    String namespace,
    String pod,
    Type type,
    List<String> target,
    double rate,
    int concurrency,
    Duration timeout,
    String send,
    String expect,
    String recordType) {

  /** What a request is. */
  public enum Type {
    /** A GET on a connection of its own. */
    HTTP,
    /** GETs on connections that are kept. */
    STREAM,
    /** A TCP connection, and a text on it. */
    TCP,
    /** An ICMP echo. */
    PING,
    /** A question to the Pod's DNS server. */
    DNS,
    /** A program of the user's own. */
    EXEC
  }

  /** Keeps its own copy. */
  public Workload {
    target = List.copyOf(target);
  }
}
