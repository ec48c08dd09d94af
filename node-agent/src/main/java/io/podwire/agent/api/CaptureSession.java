package io.podwire.agent.api;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.podwire.agent.pod.LocalPod;
import io.podwire.agent.pod.PodFleet;
import io.podwire.cluster.model.ObjectName;
import io.podwire.netstack.capture.Recording;
import io.podwire.netstack.impair.Direction;
import io.podwire.packet.filter.CaptureFilter;
import io.podwire.packet.filter.FilterSyntaxException;
import io.podwire.packet.pcap.PcapngWriter;
import io.podwire.packet.pcap.PcapngWriter.Passage;
import io.podwire.packet.pcap.PcapngWriter.Way;
import io.podwire.proto.v1.CaptureChunk;
import io.podwire.proto.v1.CaptureRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One capture: takes packets from the event loop's recording and sends them as pcapng, at the
 * receiver's pace.
 *
 * <p>Has a virtual thread of its own; a receiver that goes away ends it.
 */
final class CaptureSession {

  /** Packets that wait for a slow receiver, in octets. */
  private static final int MEMORY = 4 << 20;

  private static final int CHUNK = 128 * 1024;

  /** How long packets may wait for others to travel with. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Only how late a missed wake-up would be noticed. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final PodFleet fleet;
  private final CaptureSource source;
  private final CaptureRequest request;
  private final Outbound<CaptureChunk> out;
  private final ByteString.Output pending = ByteString.newOutput(CHUNK);
  private volatile @Nullable Thread waiting;
  private volatile boolean gone;
  private long written;
  private long missed;

  /** To be made within the call's method. */
  CaptureSession(
      PodFleet fleet,
      CaptureSource source,
      CaptureRequest request,
      ServerCallStreamObserver<CaptureChunk> call) {
    this.fleet = fleet;
    this.source = source;
    this.request = request;
    this.out = new Outbound<>(call, this::wakeUp);
  }

  void start() {
    Thread.ofVirtual().name("capture").start(this::run);
  }

  private void run() {
    CaptureFilter filter;
    try {
      filter = CaptureFilter.parse(request.getFilter());
    } catch (FilterSyntaxException e) {
      out.fail(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
      return;
    }
    int snapLength = request.getSnapLength() > 0 ? request.getSnapLength() : Integer.MAX_VALUE;
    Recording recording = new Recording(filter, snapLength, MEMORY, this::wakeUp);
    String link = request.getPod().isEmpty() ? "" : request.getNamespace() + "/" + request.getPod();
    Runnable stop = source.start(link, recording, this::linkGone);
    if (stop == null) {
      out.fail(absent(link));
      return;
    }
    try {
      send(link.isEmpty() ? "uplink" : link, recording, stop);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      out.fail(Status.UNAVAILABLE.withDescription("the agent stops"));
    } catch (IOException | UncheckedIOException e) {
      out.fail(Status.INTERNAL.withDescription("capturing: " + e.getMessage()));
    } finally {
      stop.run();
    }
  }

  private Status absent(String link) {
    Optional<LocalPod> pod = fleet.find(new ObjectName(request.getNamespace(), request.getPod()));
    if (pod.isEmpty()) {
      return Status.NOT_FOUND.withDescription("pod " + link + " is not here");
    }
    return Status.FAILED_PRECONDITION.withDescription(
        pod.get().pod().spec().hostNetwork()
            ? "pod " + link + " uses its node's network and has no link of its own"
            : "pod " + link + " is not attached to the network: it has not started, or has ended");
  }

  private void send(String name, Recording recording, Runnable stop)
      throws IOException, InterruptedException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(pending), "podwire");
    writer.addInterface(name, request.getSnapLength());
    flush();
    long end =
        request.getDuration() > 0 ? System.nanoTime() + request.getDuration() : Long.MAX_VALUE;
    while (!out.isOver()) {
      boolean over = gone || isDue(end);
      if (over) {
        // Now, so that what is left comes to an end.
        stop.run();
      }
      recording.read((direction, nanos, length, lost, comment, buffer, offset, captured) -> {
        Way way = direction == Direction.EGRESS ? Way.OUTBOUND : Way.INBOUND;
        Passage passage = new Passage(nanos, length, way, lost - missed, comment);
        missed = lost;
        return write(writer, passage, buffer, offset, captured);
      });
      flush();
      if (isEnough() || (over && !recording.isReadable())) {
        stop.run();
        finish(name, writer, recording.missed());
        return;
      }
      await(recording, end);
    }
  }

  private boolean write(
      PcapngWriter writer, Passage passage, ByteBuffer buffer, int offset, int captured) {
    try {
      writer.packet(0, passage, buffer, offset, captured);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    written++;
    return !isEnough() && pending.size() < CHUNK;
  }

  private boolean isEnough() {
    return request.getCount() > 0 && written >= request.getCount();
  }

  private static boolean isDue(long end) {
    return end != Long.MAX_VALUE && System.nanoTime() - end >= 0;
  }

  private void flush() throws InterruptedException {
    if (pending.size() > 0) {
      out.send(CaptureChunk.newBuilder().setData(pending.toByteString()).build());
      pending.reset();
    }
  }

  /** Says how much it was, and why it is over where that is not what was asked for. */
  private void finish(String name, PcapngWriter writer, long lost)
      throws IOException, InterruptedException {
    Instant now = Instant.now();
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    String comment = gone && !isEnough() ? "pod " + name + " has gone" : "";
    writer.statistics(0, nanos, written + lost, lost, comment);
    flush();
    out.finish();
  }

  private void await(Recording recording, long end) {
    if (!recording.isReadable()) {
      waiting = Thread.currentThread();
      if (!recording.isReadable() && !gone && !out.isOver()) {
        LockSupport.parkNanos(
            end == Long.MAX_VALUE
                ? IDLE_NANOS
                : Math.clamp(end - System.nanoTime(), 1, IDLE_NANOS));
      }
      waiting = null;
      // The loop wakes this thread up for one packet; those that follow come along.
      LockSupport.parkNanos(GATHER_NANOS);
    }
  }

  private void linkGone() {
    gone = true;
    wakeUp();
  }

  private void wakeUp() {
    Thread thread = waiting;
    if (thread != null) {
      waiting = null;
      LockSupport.unpark(thread);
    }
  }
}
