package io.podwire.packet;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The header of a TCP segment (RFC 9293), as a value.
 *
 * <p>It is written with a checksum of 0; {@link TcpView#computeChecksum} fills it in once the
 * payload is there.
 *
 * @param sequence 32 raw bits
 * @param acknowledgment 32 raw bits
 * @param flags the bits of {@link TcpFlags}
 * @param window not scaled
 * @param options in their order; together at most 40 octets
 */
public record TcpHeader(
    int sourcePort,
    int destinationPort,
    int sequence,
    int acknowledgment,
    int flags,
    int window,
    int urgentPointer,
    List<TcpOption> options) {

  private static final int MAX_OPTIONS = 40;

  public TcpHeader {
    options = List.copyOf(options);
    FieldRange.require("TCP source port", sourcePort, 16);
    FieldRange.require("TCP destination port", destinationPort, 16);
    FieldRange.require("TCP flags", flags, 9);
    FieldRange.require("TCP window", window, 16);
    FieldRange.require("TCP urgent pointer", urgentPointer, 16);
    if (optionsLength(options) > MAX_OPTIONS) {
      throw new IllegalArgumentException(
          "TCP options must take at most 40 octets, got " + optionsLength(options));
    }
  }

  /** Takes the values out of a checked view. */
  public static TcpHeader parse(TcpView view) {
    return new TcpHeader(
        view.sourcePort(),
        view.destinationPort(),
        view.sequence(),
        view.acknowledgment(),
        view.flags(),
        view.window(),
        view.urgentPointer(),
        TcpOption.parse(view));
  }

  /** The header's length in octets, options and padding included. */
  public int length() {
    return TcpView.HEADER_LENGTH + ((optionsLength(options) + 3) & ~3);
  }

  /** Writes the header and returns its length. */
  public int emit(ByteBuffer buffer, int offset) {
    int length = length();
    new TcpView()
        .wrap(buffer, offset, length)
        .setSourcePort(sourcePort)
        .setDestinationPort(destinationPort)
        .setSequence(sequence)
        .setAcknowledgment(acknowledgment)
        .setHeaderLengthAndFlags(length, flags)
        .setWindow(window)
        .setChecksum(0)
        .setUrgentPointer(urgentPointer);
    int at = offset + TcpView.HEADER_LENGTH;
    for (TcpOption option : options) {
      option.emit(buffer, at);
      at += option.length();
    }
    while (at < offset + length) {
      buffer.put(at++, (byte) TcpOption.END);
    }
    return length;
  }

  private static int optionsLength(List<TcpOption> options) {
    return options.stream().mapToInt(TcpOption::length).sum();
  }
}
