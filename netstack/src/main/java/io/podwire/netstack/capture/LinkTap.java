package io.podwire.netstack.capture;

import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.Segmenter;
import io.podwire.packet.filter.FrameHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The place on a link where captures are taken: frames pass it on their way out before faults act
 * on them, and on their way in afterwards, as the link's owner sees them.
 *
 * <p>Frames of several packets are recorded as the packets that they are on a link. A packet that
 * goes no further says why in its record, or in a record of its own where it was held meanwhile.
 * Not thread-safe; confined to the node's event loop.
 */
public final class LinkTap {

  /** What a frame with its metadata may be at most. */
  private static final int ROOM = 65_536 + 256;

  private final DropCounters drops;
  private final LongSupplier epochNanos;
  private final List<Recording> recordings = new ArrayList<>();
  private final FrameHeaders headers = new FrameHeaders();
  private final Segmenter segmenter = new Segmenter();
  private final Frame packet = Frame.allocate(ROOM);
  private final Frame before = Frame.allocate(ROOM);
  private int depth;

  /** What is done with each packet of a frame. */
  private interface PacketAction {
    void packet(Recording recording, ByteBuffer buffer, int offset, int length);
  }

  /**
   * @param drops of the node's datapath
   * @param epochNanos the wall clock, nanoseconds since 1970
   */
  public LinkTap(DropCounters drops, LongSupplier epochNanos) {
    this.drops = drops;
    this.epochNanos = epochNanos;
  }

  public void add(Recording recording) {
    recordings.add(recording);
  }

  public void remove(Recording recording) {
    recordings.remove(recording);
  }

  public List<Recording> recordings() {
    return List.copyOf(recordings);
  }

  public boolean isEmpty() {
    return recordings.isEmpty();
  }

  /**
   * Records a frame and hands it on.
   *
   * @param isWhole whether nothing between here and there holds packets back: then what is dropped
   *     meanwhile is this frame
   */
  public boolean pass(Direction direction, Frame frame, FrameSink onward, boolean isWhole) {
    long now = epochNanos.getAsLong();
    forEachPacket(
        frame,
        (recording, buffer, offset, length) ->
            recording.add(direction, now, buffer, offset, length));
    long dropped = drops.total();
    depth++;
    boolean taken = onward.transmit(frame);
    if (isWhole && hasDropped(taken, dropped)) {
      String comment = comment(taken);
      recordings.forEach(recording -> recording.lost(direction, comment));
    }
    settle();
    return taken;
  }

  /** Hands a frame on that has passed already and may have been held since. */
  public boolean resume(Direction direction, Frame frame, FrameSink onward) {
    // The frame may be changed before it is dropped.
    before.copyFrom(frame);
    long dropped = drops.total();
    depth++;
    boolean taken = onward.transmit(frame);
    if (hasDropped(taken, dropped)) {
      lose(direction, before, comment(taken));
    }
    settle();
    return taken;
  }

  /** Records that a fault of this link has dropped a packet; the frame is only lent. */
  public void lost(Direction direction, Frame frame, String comment) {
    depth++;
    lose(direction, frame, comment);
    settle();
  }

  private void lose(Direction direction, Frame frame, String comment) {
    long now = epochNanos.getAsLong();
    forEachPacket(
        frame,
        (recording, buffer, offset, length) ->
            recording.lost(direction, now, buffer, offset, length, comment));
  }

  /** Faults of this link tell of their own losses, those of others are others' business. */
  private boolean hasDropped(boolean taken, long before) {
    return !taken || (drops.total() != before && !drops.last().isFault());
  }

  private String comment(boolean taken) {
    DropReason reason = taken ? drops.last() : DropReason.TRANSMIT_FAILED;
    return "dropped: " + reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void settle() {
    if (--depth == 0) {
      recordings.forEach(Recording::publish);
    }
  }

  private void forEachPacket(Frame frame, PacketAction action) {
    headers.read(frame.buffer(), frame.start(), frame.length());
    if (!isWanted() || frame.length() > ROOM) {
      return;
    }
    if (frame.segmentSize() > 0 && segmenter.wrap(frame)) {
      ByteBuffer buffer = packet.buffer();
      for (int i = 0; i < segmenter.count(); i++) {
        segmenter.write(i, buffer, Frame.HEADROOM);
        offer(action, buffer, Frame.HEADROOM, segmenter.length(i));
      }
    } else if (frame.checksumPending() && frame.holdsPendingChecksum()) {
      packet.copyFrom(frame);
      packet.completeChecksum();
      offer(action, packet.buffer(), packet.start(), packet.length());
    } else {
      offer(action, frame.buffer(), frame.start(), frame.length());
    }
  }

  private boolean isWanted() {
    for (Recording recording : recordings) {
      if (recording.wants(headers)) {
        return true;
      }
    }
    return false;
  }

  private void offer(PacketAction action, ByteBuffer buffer, int offset, int length) {
    for (Recording recording : recordings) {
      if (recording.wants(headers)) {
        action.packet(recording, buffer, offset, length);
      }
    }
  }
}
