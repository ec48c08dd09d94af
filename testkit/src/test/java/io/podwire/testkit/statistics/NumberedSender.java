package io.podwire.testkit.statistics;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends several streams of numbered datagrams at once, each at a pace of its own. A program of its
 * own, which runs in a Pod and knows nothing of Podwire.
 *
 * <pre>NumberedSender ADDRESS PORT:PAYLOAD:PER_SECOND:COUNT …</pre>
 *
 * <p>At its end it prints how late it was and how many datagrams its interface lost, see {@link
 * SenderReport}.
 */
final class NumberedSender {

  private static final long TICK_NANOS = 1_000_000;
  private static final long LEAD_NANOS = 100_000_000;
  private static final double SECOND_NANOS = 1e9;

  private final List<Paced> streams = new ArrayList<>();
  private final Datagram datagram = new Datagram();
  private long[] lags = new long[1 << 16];
  private int lagCount;

  private NumberedSender() {}

  /** One stream and how far it is. */
  private static final class Paced {
    final DatagramChannel channel;
    final ByteBuffer buffer;
    final double perSecond;
    final int count;
    int sent;

    Paced(DatagramChannel channel, int payload, double perSecond, int count) {
      this.channel = channel;
      this.buffer = ByteBuffer.allocateDirect(payload);
      this.perSecond = perSecond;
      this.count = count;
    }

    boolean isDue(long sinceStart) {
      return sent < count && sent * SECOND_NANOS / perSecond <= sinceStart;
    }
  }

  public static void main(String[] arguments) throws IOException {
    NumberedSender sender = new NumberedSender();
    for (String stream : Arrays.asList(arguments).subList(1, arguments.length)) {
      String[] fields = stream.split(":");
      DatagramChannel channel = DatagramChannel.open();
      channel.connect(new InetSocketAddress(arguments[0], Integer.parseInt(fields[0])));
      sender.streams.add(
          new Paced(
              channel,
              Integer.parseInt(fields[1]),
              Double.parseDouble(fields[2]),
              Integer.parseInt(fields[3])));
    }
    sender.sendAll();
    System.out.println(new SenderReport(sender.lagQuantile(0.99), interfaceDrops()).text());
  }

  private void sendAll() throws IOException {
    long start = System.nanoTime() + LEAD_NANOS;
    long tick = start;
    while (!isDone()) {
      long now = System.nanoTime();
      if (now < tick) {
        LockSupport.parkNanos(tick - now);
        continue;
      }
      addLag(now - tick);
      sendDue(now - start);
      tick += TICK_NANOS;
    }
  }

  private boolean isDone() {
    for (Paced stream : streams) {
      if (stream.sent < stream.count) {
        return false;
      }
    }
    return true;
  }

  /** In turns, so that no stream waits for another's burst. */
  private void sendDue(long sinceStart) throws IOException {
    boolean more = true;
    while (more) {
      more = false;
      for (Paced stream : streams) {
        if (stream.isDue(sinceStart)) {
          datagram.write(stream.buffer, stream.sent++, System.nanoTime());
          stream.channel.write(stream.buffer);
          more = true;
        }
      }
    }
  }

  private void addLag(long nanos) {
    if (lagCount == lags.length) {
      lags = Arrays.copyOf(lags, 2 * lagCount);
    }
    lags[lagCount++] = nanos;
  }

  private long lagQuantile(double quantile) {
    long[] sorted = Arrays.copyOf(lags, lagCount);
    Arrays.sort(sorted);
    return sorted[(int) (quantile * (lagCount - 1))];
  }

  private static long interfaceDrops() throws IOException {
    return Long.parseLong(
        Files.readString(Path.of("/sys/class/net/eth0/statistics/tx_dropped")).strip());
  }
}
