package io.podwire.agent.attach;

import io.podwire.agent.pod.AttachedPods;
import io.podwire.agent.pod.Attachment;
import io.podwire.agent.pod.PodRegistry;
import io.podwire.agent.pod.PodRegistry.Refused.Kind;
import io.podwire.cluster.attach.AttachJson;
import io.podwire.cluster.attach.AttachReply;
import io.podwire.cluster.attach.AttachReply.Reason;
import io.podwire.cluster.attach.AttachRequest;
import io.podwire.cluster.attach.KeptPod;
import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.model.ObjectName;
import io.podwire.linux.Descriptor;
import io.podwire.linux.LinuxException;
import io.podwire.linux.Tap;
import io.podwire.linux.UnixSocket;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connected program, which holds at most one Pod by its connection.
 *
 * <p>Confined to a thread of its own, which blocks; but for {@link #letGo}.
 */
final class AttachSession {

  private static final Logger LOG = LoggerFactory.getLogger(AttachSession.class);
  private static final int PATIENCE_SECONDS = 15;

  private final UnixSocket socket;
  private final AttachServer.Node node;
  private final AttachedPods pods;
  private volatile boolean lettingGo;
  private @Nullable Held held;

  /** The connection's own Pod. */
  private record Held(ObjectName key, String uid, Attachment attachment) {}

  AttachSession(UnixSocket socket, AttachServer.Node node) {
    this.socket = socket;
    this.node = node;
    this.pods = node.pods();
  }

  void run() {
    try {
      for (Optional<String> line = socket.receive(); line.isPresent(); line = socket.receive()) {
        answer(reply(line.get()));
      }
    } catch (LinuxException broken) {
      LOG.debug("an attached program's connection is broken", broken);
    } finally {
      Held last = held;
      // An agent that ends leaves its Pods to the next one.
      if (last != null && !lettingGo) {
        pods.leave(last.uid(), last.attachment(), false);
      }
      socket.close();
    }
  }

  private AttachReply reply(String line) {
    try {
      return switch (AttachJson.readRequest(line)) {
        case AttachRequest.Attach attach -> attach(attach);
        case AttachRequest.Detach detach -> detach(detach.id());
        case AttachRequest.ListKept list -> new AttachReply.Kept(await(pods.kept()));
        case AttachRequest.Ping ping -> new AttachReply.Pong(node.name());
      };
    } catch (PodRegistry.Refused e) {
      return refused(e);
    } catch (RuntimeException e) {
      return new AttachReply.Refused(
          Reason.INVALID, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private static AttachReply refused(PodRegistry.Refused e) {
    Reason reason =
        switch (e.kind()) {
          case TAKEN -> Reason.TAKEN;
          case INVALID -> Reason.INVALID;
          case UNAVAILABLE -> Reason.UNAVAILABLE;
        };
    return new AttachReply.Refused(reason, String.valueOf(e.getMessage()));
  }

  /** Called by several threads: what a Pod's end makes known comes at any time. */
  private void answer(AttachReply reply) {
    synchronized (socket) {
      socket.send(AttachJson.write(reply), null);
    }
  }

  private AttachReply attach(AttachRequest.Attach request) {
    Descriptor passed =
        socket
            .takeDescriptor()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no descriptor came with the request; pass the TAP's by SCM_RIGHTS"));
    Tap tap = Tap.adopt(passed);
    try {
      if (held != null) {
        throw new IllegalArgumentException("this connection has a Pod already; open another");
      }
      return attach(request, tap);
    } catch (RuntimeException e) {
      tap.close();
      throw e;
    }
  }

  private AttachReply attach(AttachRequest.Attach request, Tap tap) {
    PodDescription pod = request.pod();
    String description = AttachJson.write(pod);
    Attachment attachment = new Attachment(tap, description, request.kept(), this::ended);
    Optional<AttachedPods.Found> before = await(pods.find(pod.key()));
    boolean created = false;
    String uid;
    if (!request.uid().isEmpty()) {
      if (before.isEmpty() || !before.get().uid().equals(request.uid())) {
        tap.close();
        return new AttachReply.Refused(
            Reason.GONE, "Pod " + pod.key() + " of uid " + request.uid() + " is no more");
      }
      uid = request.uid();
    } else if (before.isEmpty()) {
      uid = node.registry().create(pod.on(node.name()));
      created = true;
    } else if (before.get().held()) {
      throw new PodRegistry.Refused(
          Kind.TAKEN, "Pod " + pod.key() + " is attached already; choose another name");
    } else if (before.get().description().equals(description)) {
      // Whoever held it has been started again.
      uid = before.get().uid();
    } else {
      await(pods.end(pod.key()));
      uid = node.registry().create(pod.on(node.name()));
      created = true;
    }
    IpAddress address;
    try {
      address = await(pods.attach(uid, attachment));
    } catch (RuntimeException e) {
      if (created) {
        pods.end(pod.key());
      }
      throw e;
    }
    if (request.kept() == null) {
      held = new Held(pod.key(), uid, attachment);
    }
    return new AttachReply.Attached(AttachedNetwork.of(node, pod, uid, address));
  }

  private AttachReply detach(String id) {
    Held own = held;
    if (id.isEmpty()) {
      if (own != null) {
        held = null;
        pods.leave(own.uid(), own.attachment(), true);
        await(pods.end(own.key()));
      }
      return new AttachReply.Done();
    }
    List<KeptPod> all = await(pods.kept());
    for (KeptPod each : all) {
      if (each.kept().id().equals(id)) {
        await(pods.end(each.pod()));
      }
    }
    return new AttachReply.Done();
  }

  /** On the fleet's thread. */
  private void ended(String why) {
    if (lettingGo) {
      return;
    }
    try {
      answer(new AttachReply.Ended(why));
    } catch (LinuxException gone) {
      LOG.debug("nobody is told any more that {}", why, gone);
    }
    socket.shutdown();
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new PodRegistry.Refused(
          Kind.UNAVAILABLE, "the node has not done it within " + PATIENCE_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PodRegistry.Refused(Kind.UNAVAILABLE, "the agent stops");
    }
  }

  /** The agent ends: the program is to connect again. */
  void letGo() {
    lettingGo = true;
    socket.shutdown();
  }
}
