package io.podwire.client.socket;

import io.podwire.packet.carry.CarryFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Makes frames of the octets that a program writes, however they are cut. Not thread-safe. */
final class FrameReader extends OutputStream {
  private final Consumer<CarryFrame> frames;
  private byte[] pending = new byte[0];

  FrameReader(Consumer<CarryFrame> frames) {
    this.frames = frames;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    byte[] all = Arrays.copyOf(pending, pending.length + length);
    System.arraycopy(bytes, offset, all, pending.length, length);
    ByteBuffer buffer = ByteBuffer.wrap(all);
    try {
      while (buffer.remaining() >= CarryFrame.LENGTH_OCTETS) {
        int size = CarryFrame.checkedLength(buffer.getInt(buffer.position()));
        if (buffer.remaining() < CarryFrame.LENGTH_OCTETS + size) {
          break;
        }
        byte[] message = new byte[size];
        buffer.position(buffer.position() + CarryFrame.LENGTH_OCTETS);
        buffer.get(message);
        frames.accept(CarryFrame.decode(message));
      }
    } catch (IllegalArgumentException malformed) {
      throw new IOException("the Pod's carrier: " + malformed.getMessage(), malformed);
    }
    pending = Arrays.copyOfRange(all, buffer.position(), all.length);
  }
}
