package io.podwire.cli.capture;

import io.podwire.packet.pcap.PcapngReader;
import io.podwire.packet.pcap.PcapngReader.Block;
import io.podwire.packet.pcap.PcapngWriter;
import io.podwire.packet.pcap.PcapngWriter.Passage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;

/**
 * A capture as it arrives from the API, passed on as pcapng or as lines, and counted.
 *
 * <p>Used by one thread; {@link #stop} may be called from any.
 */
public final class CaptureStream {

  /** Where the packets go. */
  private interface Target {
    void block(PcapngReader reader, Block kind) throws IOException;

    void flush() throws IOException;
  }

  private final InputStream source;
  private final PcapngReader reader;
  private volatile boolean stopped;
  private boolean complete;
  private long captured;
  private long missed;
  private long dropped;
  private String end = "";

  /** A capture read from the answer's body. */
  public CaptureStream(InputStream source) {
    this.source = source;
    this.reader = new PcapngReader(source);
  }

  /** Ends the capture where it is; the connection is the caller's. */
  public void stop() {
    stopped = true;
  }

  /** Whether it was ended by {@link #stop}. */
  public boolean isStopped() {
    return stopped;
  }

  /**
   * Writes whole blocks, those that have arrived together at once; a capture that is stopped gets
   * its statistics here.
   */
  public void write(OutputStream out) throws IOException {
    Target target =
        new Target() {
          @Override
          public void block(PcapngReader from, Block kind) throws IOException {
            ByteBuffer block = from.block();
            out.write(block.array(), 0, block.limit());
          }

          @Override
          public void flush() throws IOException {
            out.flush();
          }
        };
    run(target);
    if (!complete) {
      out.write(statistics());
      out.flush();
    }
  }

  /** Prints a line for each packet. */
  public void print(PrintWriter out, ZoneId zone) throws IOException {
    PacketLine line = new PacketLine(zone);
    Target target =
        new Target() {
          @Override
          public void block(PcapngReader from, Block kind) {
            if (kind == Block.PACKET) {
              out.println(
                  line.text(from.passage(), from.block(), from.packetOffset(), from.captured()));
            }
          }

          @Override
          public void flush() throws IOException {
            if (out.checkError()) {
              throw new OutputGone();
            }
          }
        };
    run(target);
  }

  /** Nobody reads the output any more. */
  private static final class OutputGone extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private void run(Target target) throws IOException {
    while (!stopped) {
      if (source.available() == 0 && !flush(target)) {
        return;
      }
      Block kind;
      try {
        kind = reader.next();
      } catch (IOException broken) {
        if (stopped) {
          break;
        }
        throw broken;
      }
      if (kind == Block.END) {
        break;
      }
      count(kind);
      if (!pass(target, kind)) {
        return;
      }
    }
    flush(target);
  }

  private void count(Block kind) {
    if (kind == Block.PACKET) {
      Passage passage = reader.passage();
      captured++;
      missed += passage.missed();
      dropped += passage.comment().isEmpty() ? 0 : 1;
    } else if (kind == Block.STATISTICS) {
      complete = true;
      missed = reader.dropped();
      end = reader.comment();
    }
  }

  /** Whoever reads the output, such as tshark, may end before the capture does. */
  private boolean flush(Target target) throws IOException {
    try {
      target.flush();
      return true;
    } catch (IOException gone) {
      return outputGone(gone);
    }
  }

  private boolean pass(Target target, Block kind) throws IOException {
    try {
      target.block(reader, kind);
      return true;
    } catch (IOException gone) {
      return outputGone(gone);
    }
  }

  private boolean outputGone(IOException gone) throws IOException {
    String message = String.valueOf(gone.getMessage());
    if (!(gone instanceof OutputGone) && !message.contains("Broken pipe")) {
      throw gone;
    }
    complete = true;
    stopped = true;
    return false;
  }

  private byte[] statistics() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(bytes), "podwire");
    writer.addInterface("");
    bytes.reset();
    Instant now = Instant.now();
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    writer.statistics(0, nanos, captured + missed, missed, "");
    return bytes.toByteArray();
  }

  /** Why the capture has ended where nobody asked for it; empty otherwise. */
  public String end() {
    return end;
  }

  /** How much it was, for people. */
  public String summary() {
    return captured
        + (captured == 1 ? " packet captured" : " packets captured")
        + (dropped > 0 ? " (" + dropped + " of them dropped on the way)" : "")
        + ", "
        + missed
        + " lost by the capture";
  }
}
