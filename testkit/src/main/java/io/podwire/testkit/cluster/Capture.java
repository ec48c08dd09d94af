package io.podwire.testkit.cluster;

import io.podwire.client.api.ApiResponse;
import io.podwire.packet.pcap.PcapngReader;
import io.podwire.packet.pcap.PcapngReader.Block;
import io.podwire.testkit.assertion.CapturedPacket;
import io.podwire.testkit.assertion.NearestPackets;
import io.podwire.testkit.assertion.PacketPattern;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A capture under way, and what it has seen. What it saw stays readable after {@link #close}.
 *
 * <p>Thread-safe. Packets arrive on a daemon thread; they are also kept in a file for Wireshark.
 */
public final class Capture implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Far longer than the node lets packets wait for others to travel with. */
  private static final Duration QUIET = Duration.ofMillis(250);

  private final String what;
  private final ApiResponse response;
  private final Path file;
  private final Thread thread;
  private volatile boolean closed;

  // Guarded by this.
  private final List<CapturedPacket> packets = new ArrayList<>();
  private boolean ended;
  private String end = "";

  private Capture(String what, ApiResponse response, Path file) {
    this.what = what;
    this.response = response;
    this.file = file;
    this.thread = new Thread(this::read, "podwire-capture " + what);
    thread.setDaemon(true);
  }

  /** Reads what the API streams. */
  static Capture start(String what, ApiResponse response, Path file) {
    Capture capture = new Capture(what, response, file);
    capture.thread.start();
    return capture;
  }

  private void read() {
    String reason = "";
    try (OutputStream out = Files.newOutputStream(file)) {
      PcapngReader reader = new PcapngReader(response.body());
      for (Block kind = reader.next(); kind != Block.END; kind = reader.next()) {
        out.write(reader.block().array(), 0, reader.block().limit());
        out.flush();
        if (kind == Block.PACKET) {
          add(
              CapturedPacket.read(
                  reader.passage(), reader.block(), reader.packetOffset(), reader.captured()));
        } else if (kind == Block.STATISTICS) {
          reason = reader.comment();
        }
      }
    } catch (IOException broken) {
      reason = String.valueOf(broken.getMessage());
    } finally {
      over(reason);
    }
  }

  private synchronized void add(CapturedPacket packet) {
    packets.add(packet);
    notifyAll();
  }

  private synchronized void over(String reason) {
    ended = true;
    end = reason;
    notifyAll();
  }

  /** Everything so far, in order. */
  public synchronized List<CapturedPacket> packets() {
    return List.copyOf(packets);
  }

  /** What fits so far, in order. */
  public List<CapturedPacket> captured(PacketPattern pattern) {
    return packets().stream().filter(pattern).toList();
  }

  /** How many fit so far. */
  public int count(PacketPattern pattern) {
    return captured(pattern).size();
  }

  /** Waits for the first that fits, ten seconds at most. */
  public CapturedPacket await(PacketPattern pattern) {
    return await(pattern, PATIENCE);
  }

  /** Waits for the first that fits. */
  public CapturedPacket await(PacketPattern pattern, Duration patience) {
    return await(1, pattern, patience).get(0);
  }

  /** Waits for so many that fit, ten seconds at most. */
  public List<CapturedPacket> await(int count, PacketPattern pattern) {
    return await(count, pattern, PATIENCE);
  }

  /**
   * Waits for so many that fit.
   *
   * @throws AssertionError with the nearest packets, where there are fewer
   */
  public List<CapturedPacket> await(int count, PacketPattern pattern, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    int seen = -1;
    while (true) {
      List<CapturedPacket> fitting = captured(pattern);
      if (fitting.size() >= count) {
        return fitting;
      }
      if (!waitForMore(seen, deadline)) {
        throw failure(
            fitting.size()
                + " instead of at least "
                + count
                + " packets within "
                + patience.toMillis()
                + " ms: "
                + pattern,
            pattern);
      }
      seen = packets().size();
    }
  }

  /** Waits until there are more than those; false where there will be none in time. */
  private synchronized boolean waitForMore(int seen, long deadline) {
    while (seen >= 0 && packets.size() <= seen && !ended) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new ClusterFailure("interrupted", stopped);
      }
    }
    return seen < 0 || packets.size() > seen;
  }

  /** That no packet fits, those on their way here included. */
  public void none(PacketPattern pattern) {
    exactly(0, pattern);
  }

  /** That just so many fit, those on their way here included. */
  public void exactly(int count, PacketPattern pattern) {
    settle();
    int seen = count(pattern);
    if (seen != count) {
      throw failure(seen + " instead of " + count + " packets: " + pattern, pattern);
    }
  }

  /** Waits until nothing has arrived for a moment. */
  private void settle() {
    int seen;
    do {
      seen = packets().size();
    } while (waitForMore(seen, System.nanoTime() + QUIET.toNanos()));
  }

  private AssertionError failure(String message, PacketPattern pattern) {
    String over;
    synchronized (this) {
      over = ended ? "\n  the capture has ended" + (end.isEmpty() ? "" : ": " + end) : "";
    }
    return new AssertionError(
        what + ": " + message + "\n" + NearestPackets.text(pattern, packets()) + over);
  }

  /** The packets as pcapng, for Wireshark; there while the cluster is. */
  public Path file() {
    return file;
  }

  /** Whether it has ended by {@link #close}. */
  boolean isClosed() {
    return closed;
  }

  /** Removes the file. */
  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new ClusterFailure(file + " cannot be removed: " + failure.getMessage(), failure);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    closed = true;
    try {
      response.close();
      thread.join();
    } catch (IOException failure) {
      throw new ClusterFailure("the capture does not end: " + failure.getMessage(), failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return what;
  }
}
