package io.podwire.agnhost.carry;

import io.podwire.packet.carry.CarryFailure;
import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The Pod's side of carried sockets: real sockets here, frames to where they are used.
 *
 * <p>One thread reads frames and never waits for a socket; every socket has virtual threads of its
 * own.
 */
final class Carrier {
  private final DataInputStream in;
  private final OutputStream out;
  private final Map<Integer, Carried> streams = new ConcurrentHashMap<>();
  private final AtomicInteger accepted = new AtomicInteger();

  /** One socket. Both methods are called by the frames' reader and must not wait. */
  interface Carried {
    void take(CarryFrame frame);

    void abort();
  }

  Carrier(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.out = out;
  }

  /** Serves until the input ends; then all sockets are closed. */
  void run() throws IOException {
    try {
      while (true) {
        byte[] message = new byte[CarryFrame.checkedLength(in.readInt())];
        in.readFully(message);
        take(CarryFrame.decode(message));
      }
    } catch (EOFException end) {
      // The user of the sockets is gone.
    } finally {
      streams.values().forEach(Carried::abort);
    }
  }

  private void take(CarryFrame frame) {
    switch (frame.kind()) {
      case CONNECT -> begin(frame, this::connect);
      case LISTEN -> begin(frame, this::listen);
      case BIND -> begin(frame, this::bind);
      case RESOLVE -> begin(frame, this::resolve);
      default -> {
        Carried carried = streams.get(frame.stream());
        // One that has just ended here may still be spoken to.
        if (carried != null) {
          carried.take(frame);
        }
      }
    }
  }

  private interface Opening {
    void open(CarryFrame request) throws IOException;
  }

  private void begin(CarryFrame request, Opening opening) {
    Thread.startVirtualThread(() -> {
      try {
        opening.open(request);
      } catch (IOException | IllegalArgumentException failure) {
        send(
            CarryFrame.of(
                request.stream(), CarryKind.FAILED, cause(failure) + " " + failure.getMessage()));
      }
    });
  }

  private void connect(CarryFrame request) throws IOException {
    String[] words = request.text().split(" ");
    int port = Integer.parseInt(words[1]);
    int millis = Integer.parseInt(words[2]);
    Socket socket = open(words[0], port, millis);
    CarriedConnection connection = new CarriedConnection(request.stream(), socket, this);
    streams.put(request.stream(), connection);
    send(CarryFrame.of(request.stream(), CarryKind.OPENED, ends(socket)));
    connection.start();
  }

  /** Each address of the name in turn, as resolvers give them. */
  private static Socket open(String host, int port, int millis) throws IOException {
    IOException last = new UnknownHostException(host);
    for (InetAddress address : InetAddress.getAllByName(host)) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, port), millis);
        socket.setTcpNoDelay(true);
        return socket;
      } catch (IOException failure) {
        socket.close();
        last = failure;
      }
    }
    throw last;
  }

  private void listen(CarryFrame request) throws IOException {
    ServerSocket server = new ServerSocket(Integer.parseInt(request.text()));
    CarriedListener listener = new CarriedListener(request.stream(), server, this);
    streams.put(request.stream(), listener);
    send(
        CarryFrame.of(
            request.stream(),
            CarryKind.OPENED,
            text((InetSocketAddress) server.getLocalSocketAddress())));
    listener.start();
  }

  private void bind(CarryFrame request) throws IOException {
    DatagramSocket socket = new DatagramSocket(Integer.parseInt(request.text()));
    CarriedDatagrams datagrams = new CarriedDatagrams(request.stream(), socket, this);
    streams.put(request.stream(), datagrams);
    send(
        CarryFrame.of(
            request.stream(),
            CarryKind.OPENED,
            text((InetSocketAddress) socket.getLocalSocketAddress())));
    datagrams.start();
  }

  private void resolve(CarryFrame request) throws IOException {
    String addresses =
        Arrays.stream(InetAddress.getAllByName(request.text()))
            .map(InetAddress::getHostAddress)
            .collect(Collectors.joining(" "));
    send(CarryFrame.of(request.stream(), CarryKind.RESOLVED, addresses));
  }

  /** A connection that a listener has got: a stream of its own from now on. */
  void accept(int listener, Socket socket) {
    int stream = CarryFrame.FROM_POD | accepted.incrementAndGet();
    CarriedConnection connection = new CarriedConnection(stream, socket, this);
    streams.put(stream, connection);
    send(
        CarryFrame.of(
            listener, CarryKind.ACCEPTED, Integer.toUnsignedString(stream) + " " + ends(socket)));
    connection.start();
  }

  /** Forgets a socket that is closed. */
  void ended(int stream) {
    streams.remove(stream);
  }

  /**
   * Writes a frame as a whole; where nobody reads any more, the reader of the input will end too.
   */
  void send(CarryFrame frame) {
    byte[] bytes = frame.encode();
    synchronized (out) {
      try {
        out.write(bytes);
        out.flush();
      } catch (IOException gone) {
        streams.values().forEach(Carried::abort);
      }
    }
  }

  private static String ends(Socket socket) {
    return text((InetSocketAddress) socket.getLocalSocketAddress())
        + " "
        + text((InetSocketAddress) socket.getRemoteSocketAddress());
  }

  private static String text(InetSocketAddress end) {
    String address = end.getAddress().getHostAddress();
    return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + end.getPort();
  }

  private static CarryFailure cause(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case UnknownHostException _ -> CarryFailure.NAME;
      case SocketTimeoutException _ -> CarryFailure.TIMEOUT;
      case NoRouteToHostException _ -> CarryFailure.UNREACHABLE;
      case BindException _ -> CarryFailure.IN_USE;
      case ConnectException _ when message.contains("timed out") -> CarryFailure.TIMEOUT;
      case ConnectException _ when message.contains("refused") -> CarryFailure.REFUSED;
      default -> message.contains("unreachable") ? CarryFailure.UNREACHABLE : CarryFailure.OTHER;
    };
  }
}
