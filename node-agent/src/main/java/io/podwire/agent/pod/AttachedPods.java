package io.podwire.agent.pod;

import io.podwire.cluster.attach.KeptPod;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The Pods of this node whose network namespaces other programs have attached.
 *
 * <p>Public methods are thread-safe and do not block.
 */
public final class AttachedPods {

  /** How long the control plane may take to tell of a Pod that it has created. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FleetThread thread;
  private final Supplier<Stream<AttachedRunner>> runners;

  /** Of Pods that the control plane has created, and not told of yet. By uid. */
  private final Map<String, Offer> offers = new HashMap<>();

  AttachedPods(FleetThread thread, Supplier<Stream<AttachedRunner>> runners) {
    this.thread = thread;
    this.runners = runners;
  }

  private record Offer(Attachment attachment, CompletableFuture<IpAddress> result) {}

  /**
   * A Pod as it is found.
   *
   * @param held whether somebody holds its namespace now
   */
  public record Found(String uid, String description, boolean held) {}

  /**
   * Makes a TAP the network of the Pod of that uid, as soon as it is known here.
   *
   * @return its address, or a {@link PodRegistry.Refused}; the TAP is the caller's to close then
   */
  public CompletableFuture<IpAddress> attach(String uid, Attachment attachment) {
    Offer offer = new Offer(attachment, new CompletableFuture<>());
    thread.execute(() -> {
      Optional<AttachedRunner> runner = runner(uid);
      if (runner.isPresent()) {
        give(runner.get(), offer);
        return;
      }
      offers.put(uid, offer);
      thread.schedule(
          PATIENCE,
          () -> {
            if (offers.remove(uid, offer)) {
              offer
                  .result()
                  .completeExceptionally(
                      new PodRegistry.Refused(
                          PodRegistry.Refused.Kind.UNAVAILABLE,
                          "the control plane has not told this node of the Pod within "
                              + PATIENCE.toSeconds()
                              + " s"));
            }
          });
    });
    return offer.result();
  }

  private static void give(AttachedRunner runner, Offer offer) {
    try {
      offer.result().complete(runner.take(offer.attachment()));
    } catch (RuntimeException e) {
      offer.result().completeExceptionally(e);
    }
  }

  /** On the fleet's thread: a Pod has appeared. */
  void begun(AttachedRunner runner) {
    Offer offer = offers.remove(runner.uid());
    if (offer != null) {
      give(runner, offer);
    }
  }

  /** The Pod of that name, if it is an attached one of this node. */
  public CompletableFuture<Optional<Found>> find(ObjectName key) {
    return onThread(() ->
        runners
            .get()
            .filter(runner -> runner.key().equals(key))
            .findFirst()
            .map(runner -> new Found(runner.uid(), runner.description(), runner.isHeld())));
  }

  /** Those that the agent itself holds. */
  public CompletableFuture<List<KeptPod>> kept() {
    return onThread(() -> runners.get().flatMap(runner -> runner.kept().stream()).toList());
  }

  /**
   * The holder is gone.
   *
   * @param atOnce whether it has said that it will not come back
   */
  public void leave(String uid, Attachment attachment, boolean atOnce) {
    thread.execute(() -> runner(uid).ifPresent(runner -> runner.leave(attachment, atOnce)));
  }

  /** Has the Pod of that name end; done once nothing of it is left. */
  public CompletableFuture<Boolean> end(ObjectName key) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    thread.execute(() ->
        runners
            .get()
            .filter(runner -> runner.key().equals(key))
            .findFirst()
            .ifPresentOrElse(
                runner -> {
                  runner.askRemoval();
                  runner.gone().thenAccept(done::complete);
                },
                () -> done.complete(true)));
    return done;
  }

  private Optional<AttachedRunner> runner(String uid) {
    return runners.get().filter(runner -> runner.uid().equals(uid)).findFirst();
  }

  private <T> CompletableFuture<T> onThread(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    thread.execute(() -> answer.complete(question.get()));
    return answer;
  }
}
