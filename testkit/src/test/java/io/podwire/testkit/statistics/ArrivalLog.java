package io.podwire.testkit.statistics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The receiver's file: one record of fixed length for each datagram, in the order of arrival. */
final class ArrivalLog {

  /** Octets of a record. */
  static final int RECORD = 24;

  private static final int INTACT = 1;

  private ArrivalLog() {}

  static void write(
      ByteBuffer records, int port, Datagram datagram, ByteBuffer received, long nowNanos) {
    if (records.remaining() < RECORD) {
      throw new IllegalStateException("more datagrams than there is room for");
    }
    records.putShort((short) port).putShort((short) (datagram.isIntact(received) ? INTACT : 0));
    records.putInt(Datagram.index(received)).putLong(Datagram.sentNanos(received));
    records.putLong(nowNanos);
  }

  /** What came to each port. */
  static Map<Integer, Arrivals> read(Path file, Map<Integer, Integer> sentTo) throws IOException {
    ByteBuffer records = ByteBuffer.wrap(Files.readAllBytes(file));
    Map<Integer, Arrivals> byPort = new HashMap<>();
    sentTo.forEach((port, sent) -> byPort.put(port, new Arrivals(sent)));
    while (records.hasRemaining()) {
      Arrivals arrivals =
          Objects.requireNonNull(byPort.get(Short.toUnsignedInt(records.getShort())));
      boolean intact = records.getShort() == INTACT;
      int index = records.getInt();
      arrivals.add(index, records.getLong(), records.getLong(), intact);
    }
    return byPort;
  }
}
