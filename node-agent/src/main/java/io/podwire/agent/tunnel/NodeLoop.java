package io.podwire.agent.tunnel;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.podwire.linux.LoopDescriptor;
import io.podwire.linux.Tap;
import io.podwire.linux.UdpSocket;
import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.capture.Recording;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The node's event loop: reads its devices into the datapath, and is the only thread that touches
 * the datapath's tables.
 *
 * <p>Methods may be called from any thread; what they change is changed on the loop.
 */
public final class NodeLoop implements AutoCloseable {

  /** Frames read from one device before the others get their turn. */
  private static final int BURST = 64;

  private static final int TAP_START = Frame.HEADROOM - Tap.HEADER_LENGTH;

  private final MultiThreadIoEventLoopGroup group;
  private final IoEventLoop loop;
  private final FrameMemory memory = new FrameMemory();
  private final Offloads offloads;
  private final TunnelSockets sockets;
  private final NodeDatapath datapath;
  private final Map<String, AttachedPod> pods = new HashMap<>();
  private final LinkCaptures captures;
  private final FaultedLinks faultedLinks;
  private final LoopDescriptor kernelHandle;
  private final LoopDescriptor tunnelHandle;

  private final @Nullable Icmpv6Answers answers;
  private final @Nullable LoopDescriptor answersHandle;

  private record AttachedPod(BridgePort port, List<IpAddress> addresses, LoopDescriptor handle) {}

  /**
   * Opens the sockets and starts.
   *
   * @param vxlanPort UDP port that the tunnel listens on, at the node's address
   * @param kernel the TAP that the node's kernel is attached through; stays the caller's
   */
  public NodeLoop(
      GatewayConfig config,
      Vni vni,
      int vxlanPort,
      Tap kernel,
      Offloads offloads,
      RandomGenerator random) {
    this.offloads = offloads;
    sockets = new TunnelSockets(config.node(), vxlanPort, memory, offloads);
    offloads.enable(kernel);
    datapath =
        new NodeDatapath(config, vni, new TapSink(kernel, memory), sockets, random, nowMillis());
    group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    loop = (IoEventLoop) group.next();
    captures = new LinkCaptures(datapath);
    faultedLinks = new FaultedLinks(loop, datapath, captures, random);
    kernelHandle =
        LoopDescriptor.register(
            loop,
            kernel.descriptor(),
            () -> drain(kernel, frame -> datapath.receiveFromKernel(frame, nowMillis())));
    tunnelHandle =
        LoopDescriptor.register(
            loop, sockets.arrivals().descriptor(), () -> drain(sockets.arrivals()));
    answers = Icmpv6Answers.open(config, memory);
    answersHandle =
        answers == null
            ? null
            : LoopDescriptor.register(loop, answers.descriptor(), () -> drain(answers));
    loop.scheduleAtFixedRate(() -> datapath.tick(nowMillis()), 1, 1, TimeUnit.SECONDS);
  }

  static long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }

  private void drain(Tap tap, Consumer<Frame> receiver) {
    Frame frame = memory.frame();
    for (int i = 0; i < BURST; i++) {
      int length = tap.read(memory.address(TAP_START), memory.room(TAP_START));
      if (length < Tap.HEADER_LENGTH) {
        break;
      }
      frame.reset(Frame.HEADROOM, length - Tap.HEADER_LENGTH);
      VirtioNetHeader.read(frame);
      receiver.accept(frame);
    }
    datapath.flush();
  }

  private void drain(UdpSocket socket) {
    Frame frame = memory.frame();
    for (int i = 0; i < BURST; i++) {
      int length = socket.receive(memory.address(Frame.HEADROOM), memory.room(Frame.HEADROOM));
      if (length < 0) {
        break;
      }
      frame.reset(Frame.HEADROOM, length);
      if (socket.segmentSize() > 0) {
        frame.leaveSegmentation(SegmentType.UDP, socket.segmentSize());
      }
      datapath.receiveFromTunnel(frame, socket.sourceHigh(), socket.sourceLow(), nowMillis());
    }
    datapath.flush();
  }

  private void drain(Icmpv6Answers from) {
    for (int i = 0; i < BURST; i++) {
      Frame frame = from.next();
      if (frame == null) {
        break;
      }
      datapath.receiveCopyFromKernel(frame, nowMillis());
    }
    datapath.flush();
  }

  /** Puts a Pod's TAP onto the bridge; the TAP stays the caller's until it is detached. */
  public void attachPod(String name, IpAddress address, MacAddress mac, Tap tap) {
    attachPod(name, List.of(address), mac, tap);
  }

  /** Puts the TAP of a Pod with an address of each family, or of one, onto the bridge. */
  public void attachPod(String name, List<IpAddress> addresses, MacAddress mac, Tap tap) {
    call(() -> {
      offloads.enable(tap);
      BridgePort port = datapath.attachPod(name, addresses, mac, new TapSink(tap, memory));
      LoopDescriptor handle =
          LoopDescriptor.register(
              loop,
              tap.descriptor(),
              () -> drain(tap, frame -> datapath.receiveFromPod(port, frame, nowMillis())));
      pods.put(name, new AttachedPod(port, addresses, handle));
      captures.attached(name, port);
      faultedLinks.attached(name, port, tap);
      return true;
    });
  }

  /** Takes a Pod off the bridge; idempotent. Its TAP may be closed afterwards. */
  public void detachPod(String name) {
    call(() -> {
      AttachedPod pod = pods.remove(name);
      if (pod != null) {
        pod.handle.close();
        captures.detached(name);
        faultedLinks.detached(name);
        datapath.detachPod(pod.port, pod.addresses);
      }
      return true;
    });
  }

  /** Changes the datapath in one step between two packets. */
  public void change(Consumer<NodeDatapath> change) {
    call(() -> {
      change.accept(datapath);
      datapath.flush();
      return true;
    });
  }

  /** The links that faults act on; to be touched on the loop alone. */
  public FaultedLinks faultedLinks() {
    return faultedLinks;
  }

  /**
   * Begins to record what passes a link.
   *
   * @param link a Pod as {@code namespace/name}, or {@link FaultedLinks#UPLINK}
   * @param gone told on the loop when the link goes away
   * @return what ends it, or null where there is no such link
   */
  public @Nullable Runnable capture(String link, Recording recording, Runnable gone) {
    boolean started = call(() -> captures.start(link, recording, gone));
    Runnable stop = () -> captures.stop(link, recording);
    return started ? () -> loop.execute(stop) : null;
  }

  /** Repeats a task on the loop until the loop ends. */
  public void repeat(Runnable task, Duration period) {
    loop.scheduleAtFixedRate(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Has the loop tell whenever something is to be read from a descriptor. */
  LoopDescriptor watch(int descriptor, LoopDescriptor.Readable callback) {
    return LoopDescriptor.register(loop, descriptor, callback);
  }

  /** Reads the datapath's tables on the loop. */
  public <T> T read(Function<NodeDatapath, T> reader) {
    return call(() -> reader.apply(datapath));
  }

  private <T extends @Nullable Object> T call(Callable<T> task) {
    if (loop.inEventLoop()) {
      try {
        return task.call();
      } catch (Exception e) {
        throw new IllegalStateException("on the node's event loop", e);
      }
    }
    return loop.submit(task).syncUninterruptibly().getNow();
  }

  @Override
  public void close() {
    kernelHandle.close();
    tunnelHandle.close();
    if (answersHandle != null && answers != null) {
      answersHandle.close();
      answers.close();
    }
    call(() -> {
      pods.values().forEach(pod -> pod.handle.close());
      pods.clear();
      return true;
    });
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    sockets.close();
  }
}
