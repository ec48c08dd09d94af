package io.podwire.testkit.statistics;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * Writes down every datagram that comes to some ports, until nothing has come for a while. A
 * program of its own, which runs in a Pod and knows nothing of Podwire.
 *
 * <pre>NumberedReceiver FILE MOST_RECORDS SILENCE_MILLIS PORT …</pre>
 *
 * <p>The file FILE.ready is there once it listens, FILE when all is over: a {@link ArrivalLog}. It
 * prints how many datagrams found its sockets full.
 */
final class NumberedReceiver {

  private static final int LARGEST = 2048;
  private static final int SOCKET_BUFFER = 1 << 22;

  private NumberedReceiver() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    ByteBuffer records =
        ByteBuffer.allocateDirect(Integer.parseInt(arguments[1]) * ArrivalLog.RECORD);
    long silenceMillis = Long.parseLong(arguments[2]);
    try (Selector selector = Selector.open()) {
      for (String port : Arrays.asList(arguments).subList(3, arguments.length)) {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
        channel.bind(new InetSocketAddress(Integer.parseInt(port)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, Integer.parseInt(port));
      }
      Files.createFile(Path.of(file + ".ready"));
      receive(selector, records, silenceMillis);
    }
    Path unfinished = Path.of(file + ".part");
    try (FileChannel out =
        FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      records.flip();
      while (records.hasRemaining()) {
        out.write(records);
      }
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    System.out.println("overflows " + overflows());
  }

  private static void receive(Selector selector, ByteBuffer records, long silenceMillis)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
    Datagram datagram = new Datagram();
    // No limit for the first one.
    while (selector.select(records.position() == 0 ? 0 : silenceMillis) > 0) {
      for (SelectionKey key : selector.selectedKeys()) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        int port = (int) key.attachment();
        buffer.clear();
        while (channel.receive(buffer) != null) {
          ArrivalLog.write(records, port, datagram, buffer, System.nanoTime());
          buffer.clear();
        }
      }
      selector.selectedKeys().clear();
    }
  }

  /** Of all UDP sockets of this namespace: the column RcvbufErrors. */
  private static long overflows() throws IOException {
    List<String[]> udp =
        Files.readAllLines(Path.of("/proc/net/snmp")).stream()
            .filter(line -> line.startsWith("Udp:"))
            .map(line -> line.split(" "))
            .toList();
    return Long.parseLong(udp.get(1)[List.of(udp.get(0)).indexOf("RcvbufErrors")]);
  }
}
