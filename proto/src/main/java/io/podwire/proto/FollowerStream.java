package io.podwire.proto;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.podwire.proto.v1.AgentMessage;
import io.podwire.proto.v1.Update;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a follower: a channel, a call on it, and its messages a few ahead, so that a slow
 * consumer holds the sender back.
 *
 * <p>Confined to the follower's thread, onto which gRPC's callbacks hop.
 */
final class FollowerStream implements ClientResponseObserver<AgentMessage, Update> {

  /** What the follower does with a stream. */
  interface Owner {
    void received(FollowerStream stream, Update message);

    void writable(FollowerStream stream);

    void failed(FollowerStream stream, Status status);
  }

  // Asked for in two halves: each request is a task for the transport's thread.
  private static final int MESSAGES_AHEAD = 8;

  private final String address;
  private final ManagedChannel channel;
  private final Executor loop;
  private final Owner owner;
  private final UpdateAssembler assembler = new UpdateAssembler();
  // Set by gRPC within the call that opens the stream.
  private @Nullable ClientCallStreamObserver<AgentMessage> call;
  private int taken;

  FollowerStream(String address, ManagedChannel channel, Executor loop, Owner owner) {
    this.address = address;
    this.channel = channel;
    this.loop = loop;
    this.owner = owner;
  }

  String address() {
    return address;
  }

  ManagedChannel channel() {
    return channel;
  }

  UpdateAssembler assembler() {
    return assembler;
  }

  void open(BiConsumer<ManagedChannel, FollowerStream> opening) {
    opening.accept(channel, this);
  }

  boolean isWritable() {
    ClientCallStreamObserver<AgentMessage> open = call;
    return open != null && open.isReady();
  }

  void send(AgentMessage message) {
    ClientCallStreamObserver<AgentMessage> open = call;
    if (open != null) {
      try {
        open.onNext(message);
      } catch (IllegalStateException alreadyEnded) {
        // The failure is on its way as a callback.
      }
    }
  }

  /** One more message has been dealt with. */
  void requestNext() {
    ClientCallStreamObserver<AgentMessage> open = call;
    taken++;
    if (open != null && taken == MESSAGES_AHEAD / 2) {
      open.request(taken);
      taken = 0;
    }
  }

  /** Ends the call, which fails with this reason, and the channel. */
  void abort(String reason) {
    ClientCallStreamObserver<AgentMessage> open = call;
    if (open != null) {
      open.cancel(reason, null);
    }
    channel.shutdownNow();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AgentMessage> opened) {
    opened.disableAutoRequestWithInitial(MESSAGES_AHEAD);
    opened.setOnReadyHandler(() -> loop.execute(() -> owner.writable(this)));
    call = opened;
  }

  @Override
  public void onNext(Update message) {
    loop.execute(() -> owner.received(this, message));
  }

  @Override
  public void onError(Throwable failure) {
    loop.execute(() -> owner.failed(this, Status.fromThrowable(failure)));
  }

  @Override
  public void onCompleted() {
    loop.execute(
        () -> owner.failed(this, Status.UNAVAILABLE.withDescription("the stream was closed")));
  }
}
