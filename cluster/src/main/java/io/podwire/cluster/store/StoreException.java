package io.podwire.cluster.store;

/** A store operation that did not happen; each cause is a type of its own. */
public abstract sealed class StoreException extends RuntimeException {

  private StoreException(String message) {
    super(message);
  }

  private StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The key exists already. */
  public static final class AlreadyExists extends StoreException {
    public AlreadyExists(ResourceKey key) {
      super(key + " already exists");
    }
  }

  /** The key does not exist. */
  public static final class NotFound extends StoreException {
    public NotFound(ResourceKey key) {
      super(key + " not found");
    }
  }

  /** The expected revision is not the current one. */
  public static final class Conflict extends StoreException {
    public Conflict(ResourceKey key, long expected) {
      super(key + " has changed since revision " + expected);
    }
  }

  /** Another object holds the claim. */
  public static final class ClaimTaken extends StoreException {
    private final transient Claim claim;

    public ClaimTaken(Claim claim) {
      super(claim.pool() + " " + claim.value() + " is already allocated");
      this.claim = claim;
    }

    public Claim claim() {
      return claim;
    }
  }

  /** The revision asked for is older than the history kept: list again. */
  public static final class RevisionGone extends StoreException {
    public RevisionGone(long revision, long oldest) {
      super("revision " + revision + " is older than the oldest kept, " + oldest);
    }
  }

  /** The writer is not the leader any more. */
  public static final class Deposed extends StoreException {
    public Deposed(long epoch) {
      super("the leader of epoch " + epoch + " has been deposed");
    }
  }

  /** The store cannot be reached; nothing is known of the operation's outcome. */
  public static final class Unavailable extends StoreException {
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
