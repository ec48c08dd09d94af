package io.podwire.sandbox.hold;

import io.podwire.cluster.attach.AttachReply;
import io.podwire.cluster.attach.AttachReply.Reason;
import io.podwire.cluster.attach.AttachRequest;
import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.attach.PodNetwork;
import io.podwire.linux.Tap;
import io.podwire.sandbox.AgentConnection;
import io.podwire.sandbox.AgentConnection.NoAgent;
import io.podwire.sandbox.PodInterface;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds the Pod by a connection to the agent, and connects again when that breaks.
 *
 * <p>{@link #run} is called once; {@link #stop} by any thread.
 */
final class Holder {

  private static final int DETACH_SECONDS = 5;

  private final SandboxOptions options;
  private final PodDescription pod;
  private final Tap tap;
  private final EtcFolder etc;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean stopping;
  private volatile @Nullable AgentConnection current;
  private @Nullable PodNetwork network;

  Holder(SandboxOptions options, PodDescription pod, Tap tap) {
    this.options = options;
    this.pod = pod;
    this.tap = tap;
    this.etc = options.etc == null ? EtcFolder.ofContainer() : EtcFolder.at(options.etc);
  }

  /** Until the Pod is no more; returns the exit code. */
  int run() {
    // Of a run that was killed.
    setReady(false);
    try {
      return hold();
    } finally {
      setReady(false);
      over.countDown();
    }
  }

  private int hold() {
    Duration wait = Duration.ofSeconds(options.waitSeconds);
    while (!stopping) {
      try (AgentConnection connection = attached(new Patience(wait))) {
        current = connection;
        setReady(true);
        for (Optional<AttachReply> next = connection.receive();
            next.isPresent();
            next = connection.receive()) {
          if (next.get() instanceof AttachReply.Ended ended) {
            System.err.println("podwire-sandbox: " + ended.why());
            return 1;
          }
          if (stopping) {
            return 0;
          }
        }
      } catch (Refusal e) {
        if (!stopping) {
          System.err.println("podwire-sandbox: " + e.getMessage());
          return 1;
        }
      }
      current = null;
      setReady(false);
      if (!stopping) {
        System.err.println("podwire-sandbox: the agent is gone; waiting for it");
      }
      wait = Duration.ofSeconds(options.reconnectSeconds);
    }
    return 0;
  }

  /** The agent does not make this a Pod. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message);
    }
  }

  private AgentConnection attached(Patience patience) {
    while (true) {
      RuntimeException failure;
      AgentConnection connection = null;
      try {
        connection = AgentConnection.open(options.socket);
        PodNetwork before = network;
        String uid = before == null ? "" : before.uid();
        AttachReply reply = connection.ask(new AttachRequest.Attach(pod, uid, null), tap);
        if (reply instanceof AttachReply.Attached attached) {
          setUp(attached.network());
          return connection;
        }
        String why = reply instanceof AttachReply.Refused refused ? refused.message() : "" + reply;
        failure = new Refusal(why);
        if (!(reply instanceof AttachReply.Refused refused)
            || refused.reason() != Reason.UNAVAILABLE) {
          connection.close();
          throw failure;
        }
      } catch (NoAgent e) {
        failure = e;
      } catch (RuntimeException e) {
        if (connection != null) {
          connection.close();
        }
        throw e;
      }
      if (connection != null) {
        connection.close();
      }
      if (stopping || !patience.pause()) {
        throw stopping ? new Refusal("stopped") : failure;
      }
    }
  }

  private void setUp(PodNetwork given) {
    if (!given.equals(network)) {
      PodInterface.configure(options.interfaceName, given);
      etc.write(given);
      network = given;
    }
    System.out.println(
        "Pod %s on %s: %s has %s/%d"
            .formatted(
                pod.key(),
                given.node(),
                options.interfaceName,
                given.address(),
                given.prefixLength()));
  }

  private void setReady(boolean ready) {
    Path file = options.readyFile;
    if (file == null) {
      return;
    }
    try {
      if (ready) {
        Files.writeString(file, pod.key() + "\n");
      } else {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("--ready-file " + file + ": " + e.getMessage(), e);
    }
  }

  /** Ends the Pod at once and waits a moment for that. */
  void stop() {
    stopping = true;
    AgentConnection open = current;
    if (open == null) {
      return;
    }
    try {
      open.send(new AttachRequest.Detach(""));
      if (!over.await(DETACH_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("podwire-sandbox: the agent does not answer; it will end the Pod later");
      }
    } catch (NoAgent gone) {
      // It ends the Pod when it comes back and nobody holds it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
