package io.podwire.agent.api;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.podwire.agent.pod.LocalPod;
import io.podwire.agent.pod.PodFleet;
import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.ObjectName;
import io.podwire.proto.v1.LogChunk;
import io.podwire.proto.v1.LogRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads a container's log for one call, as {@code kubectl logs} shows it: the run under way or the
 * last one, or the one before it; following ends with the run.
 *
 * <p>Blocks; for a virtual thread of its own.
 */
final class LogReader {

  private static final int CHUNK = 32 * 1024;
  // Only how late the end of a run that left no trace in its folder is noticed.
  private static final int CHECK_SECONDS = 1;

  private final PodFleet fleet;
  private final LogRequest request;
  private final ObjectName key;
  private final Outbound<LogChunk> out;

  LogReader(PodFleet fleet, LogRequest request, Outbound<LogChunk> out) {
    this.fleet = fleet;
    this.request = request;
    this.key = new ObjectName(request.getNamespace(), request.getPod());
    this.out = out;
  }

  void run() {
    try {
      LocalPod pod = fleet.find(key).orElseThrow(() -> notFound("pod " + key + " is not here"));
      Container container =
          pod.container(request.getContainer())
              .orElseThrow(
                  () -> notFound("container " + request.getContainer() + " is not in pod " + key));
      if (pod.pod().spec().isAttached()) {
        throw new Refusal(
            Status.FAILED_PRECONDITION.withDescription(
                "pod "
                    + key
                    + " is a network namespace that another program has attached; read the log of"
                    + " its container"));
      }
      int run = number(pod, container);
      send(pod, container, run);
      out.finish();
    } catch (Refusal e) {
      out.fail(e.status);
    } catch (IOException e) {
      out.fail(Status.INTERNAL.withDescription("reading the log: " + e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      out.fail(Status.UNAVAILABLE.withDescription("the agent stops"));
    }
  }

  /** Which run is asked for. */
  private int number(LocalPod pod, Container container) {
    int next = pod.run(container).map(LocalPod.Run::number).orElse(0);
    if (request.getPrevious()) {
      if (next == 0 || !Files.exists(pod.folder().log(container.name(), next - 1))) {
        throw notFound(
            "previous terminated container " + container.name() + " in pod " + key + " not found");
      }
      return next - 1;
    }
    // While it waits for its next start the last run is shown.
    for (int run = next; run >= Math.max(0, next - 1); run--) {
      if (Files.exists(pod.folder().log(container.name(), run))) {
        return run;
      }
    }
    throw new Refusal(
        Status.FAILED_PRECONDITION.withDescription(
            "container "
                + container.name()
                + " in pod "
                + key
                + " has not been started; see its status with -o yaml"));
  }

  private void send(LocalPod pod, Container container, int run)
      throws IOException, InterruptedException {
    Path log = pod.folder().log(container.name(), run);
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ);
        WatchService watch = FileSystems.getDefault().newWatchService()) {
      if (request.getFollow()) {
        pod.folder()
            .container(container.name())
            .register(
                watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
      }
      channel.position(LogTail.start(channel, request.getTailLines()));
      while (true) {
        // Asked before reading, so that what was written before the end is not missed.
        boolean over = !request.getFollow() || hasEnded(container, run);
        if (!copy(channel) || over) {
          return;
        }
        var changed = watch.poll(CHECK_SECONDS, TimeUnit.SECONDS);
        if (changed != null) {
          changed.pollEvents();
          changed.reset();
        }
        if (out.isOver()) {
          return;
        }
      }
    }
  }

  /** Sends what there is; false where nobody wants it any more. */
  private boolean copy(FileChannel channel) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    while (channel.read(buffer) > 0) {
      LogChunk chunk = LogChunk.newBuilder().setData(ByteString.copyFrom(buffer.flip())).build();
      if (!out.send(chunk)) {
        return false;
      }
      buffer.clear();
    }
    return true;
  }

  private boolean hasEnded(Container container, int run) {
    Optional<LocalPod.Run> now = fleet.find(key).flatMap(pod -> pod.run(container));
    return now.isEmpty() || now.get().number() != run || !now.get().running();
  }

  private static Refusal notFound(String message) {
    return new Refusal(Status.NOT_FOUND.withDescription(message));
  }

  /** A request that cannot be served, with what the caller is told. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Status status;

    Refusal(Status status) {
      super(status.getDescription());
      this.status = status;
    }
  }
}
