package io.podwire.cli.experiment.run;

import io.podwire.cli.capture.CaptureRequest;
import io.podwire.cli.capture.CaptureStream;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiResponse;
import io.podwire.client.failure.ClientFailure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one Pod or node during an experiment, as pcapng; a packet that was dropped on the
 * way has a comment that says by what.
 *
 * <p>A thread of its own; thread-safe.
 */
final class PacketCapture implements AutoCloseable {
  private static final long MOST = 200_000;
  // Headers, and the beginning of what is in it: a name that is asked for, a request's line.
  private static final int SNAP_LENGTH = 256;
  private static final int BUFFER = 64 * 1024;

  private final ApiClient api;
  private final CaptureRequest request;
  private final Path file;
  private final Consumer<String> complaints;
  private final Thread thread;

  // Guarded by this.
  private @Nullable CaptureStream stream;
  private @Nullable ApiResponse response;
  private boolean closed;

  /** Begins it. */
  PacketCapture(ApiClient api, String object, Path file, Consumer<String> complaints) {
    this.api = api;
    this.request = new CaptureRequest(object, "", MOST, null, SNAP_LENGTH);
    this.file = file;
    this.complaints = complaints;
    this.thread =
        Thread.ofPlatform().daemon().name("capture-" + file.getFileName()).start(this::run);
  }

  private void run() {
    try (ApiResponse opened = api.stream(request.path());
        OutputStream sink = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
      CaptureStream capture = new CaptureStream(opened.body());
      synchronized (this) {
        if (closed) {
          return;
        }
        response = opened;
        stream = capture;
      }
      capture.write(sink);
    } catch (ClientFailure | IOException failure) {
      complaints.accept("no more packets for " + file.getFileName() + ": " + failure.getMessage());
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (stream != null && response != null) {
        stream.stop();
        try {
          response.close();
        } catch (IOException closedAnyway) {
          // Whoever reads from it finds out.
        }
      }
    }
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
