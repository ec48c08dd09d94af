package io.podwire.dns.server;

import io.netty.channel.IoEventLoop;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.Interception;
import io.podwire.dns.handler.Reuse;
import io.podwire.linux.Errno;
import io.podwire.linux.LoopDescriptor;
import io.podwire.linux.UdpBatchSocket;
import io.podwire.packet.dns.PlainQuery;
import io.podwire.packet.dns.Rcode;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;

/**
 * Queries and responses of one UDP socket, a batch at a time.
 *
 * <p>A plain query whose answer is ready gets it in place of the query, without an object made;
 * every other goes to the handlers, whose answers may become ready ones. Confined to its event
 * loop.
 */
final class BatchedQueries implements AutoCloseable {

  /** Batches in a row before the loop's other work has its turn. */
  private static final int BATCHES = 16;

  private static final String[] RCODES = rcodes();

  private final UdpBatchSocket socket;
  private final IoEventLoop loop;
  private final Responder responder;
  private final Interception interception;
  private final DnsCounters counters;
  private final int udpPayload;
  private final ByteBuffer octets;
  private final PlainQuery query;
  private final AnswerTable table;
  private Routes routes;
  private final AddressOrder order;
  private final long[] ready = new long[RCODES.length];
  private final LoopDescriptor watched;
  private volatile boolean open = true;

  /**
   * Starts to answer.
   *
   * @param socket closed with this
   * @param random of no meaning for security
   */
  BatchedQueries(
      UdpBatchSocket socket,
      IoEventLoop loop,
      Responder responder,
      ServerLimits limits,
      RandomGenerator random,
      DnsCounters counters) {
    this.socket = socket;
    this.loop = loop;
    this.responder = responder;
    this.interception = responder.interception();
    this.counters = counters;
    this.udpPayload = limits.udpPayload();
    this.octets = socket.octets();
    this.query = new PlainQuery(random.nextLong());
    this.table = new AnswerTable(limits.readyOctets());
    this.routes = responder.routes();
    this.order = new AddressOrder(random);
    this.watched = LoopDescriptor.register(loop, socket.descriptor(), this::onReadable);
  }

  private static String[] rcodes() {
    String[] names = new String[16];
    for (int i = 0; i < names.length; i++) {
      names[i] = "rcode." + Rcode.text(i);
    }
    return names;
  }

  private void onReadable() {
    for (int i = 0; i < BATCHES; i++) {
      int count = socket.receive();
      if (count < 0) {
        if (count != -Errno.EAGAIN && count != -Errno.EINTR) {
          // Such as an ICMP error that came back for a response: the socket goes on.
          counters.increment("udp.errors");
        }
        return;
      }
      answerAll(count);
      if (count < socket.size()) {
        return;
      }
    }
  }

  private void answerAll(int count) {
    startAnew();
    for (int i = 0; i < count; i++) {
      answer(i);
    }
    count();
    int lost = socket.flush();
    if (lost > 0) {
      counters.add("udp.errors", lost);
    }
  }

  /** What another configuration said is not what this one says. */
  @SuppressWarnings("ReferenceEquality")
  private void startAnew() {
    Routes now = responder.routes();
    if (now != routes) {
      table.clear();
      routes = now;
    }
  }

  private void answer(int index) {
    if (socket.sourcePort(index) == 0) {
      counters.increment("dropped.no_return_port");
      return;
    }
    int offset = socket.offset(index);
    boolean plain = query.read(octets, offset, socket.length(index));
    if (plain && interception.isOn()) {
      plain = !interception.concerns(query.lowerQuestion(), socket.source(index).getAddress());
    }
    ReadyAnswer answer = plain ? table.find(query) : null;
    if (answer != null) {
      int asked = socket.length(index);
      int length = answer.writeOver(octets, offset, query, udpPayload, order);
      if (length > 0) {
        socket.reply(index, length);
        ready[answer.rcode()]++;
        answer.given(asked, length);
        return;
      }
    }
    askHandlers(index, plain && (answer == null || !answer.isCompleteFor(query)));
  }

  @SuppressWarnings("ReferenceEquality")
  private void askHandlers(int index, boolean keep) {
    ByteBuffer content = octets.slice(socket.offset(index), socket.length(index));
    InetSocketAddress client = socket.source(index);
    Reuse reuse = new Reuse();
    // Handlers answer within the call or have read all they need of the octets before it ends.
    CompletableFuture<Optional<ByteBuffer>> response =
        responder.respond(content, client, Responder.Transport.UDP, reuse).toCompletableFuture();
    if (!response.isDone()) {
      byte[] sender = socket.sender(index);
      response.thenAccept(late -> late.ifPresent(message -> sendLater(sender, message)));
      return;
    }
    if (keep && reuse.isPermitted()) {
      ReadyAnswer answer = responder.ready(query, client);
      // Asked of others than the first time, it would outlive them.
      if (answer != null && responder.routes() == routes) {
        table.put(query, answer);
      }
    }
    response.join().ifPresent(message -> reply(index, message));
  }

  private void reply(int index, ByteBuffer message) {
    octets.put(socket.offset(index), message, message.position(), message.remaining());
    socket.reply(index, message.remaining());
  }

  private void sendLater(byte[] sender, ByteBuffer message) {
    if (loop.inEventLoop()) {
      send(sender, message);
      return;
    }
    try {
      loop.execute(() -> send(sender, message));
    } catch (RejectedExecutionException e) {
      // The server ends.
      counters.increment("udp.errors");
    }
  }

  private void send(byte[] sender, ByteBuffer message) {
    if (open && socket.send(sender, message) < 0) {
      counters.increment("udp.errors");
    }
  }

  private void count() {
    long all = 0;
    for (int rcode = 0; rcode < ready.length; rcode++) {
      long count = ready[rcode];
      if (count > 0) {
        counters.add(RCODES[rcode], count);
        ready[rcode] = 0;
        all += count;
      }
    }
    if (all > 0) {
      counters.add("queries.udp", all);
      counters.add("answers.ready", all);
    }
  }

  @Override
  public void close() {
    if (!loop.inEventLoop() && !loop.isShuttingDown()) {
      loop.submit(this::closeOnLoop).syncUninterruptibly();
    } else {
      closeOnLoop();
    }
  }

  private void closeOnLoop() {
    if (open) {
      open = false;
      watched.close();
      socket.close();
    }
  }
}
