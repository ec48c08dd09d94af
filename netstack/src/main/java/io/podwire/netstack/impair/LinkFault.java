package io.podwire.netstack.impair;

/**
 * One fault as it acts on one direction of one link.
 *
 * <p>Immutable and thread-safe; what it remembers is in the {@link RunningFault}.
 *
 * @param id the fault's namespace and name
 * @param filter which packets it acts on
 * @param direction whose local end is meant
 * @param link a name of the link that stays the same from run to run, such as the Pod's
 * @param seed of its decisions; faults of one link with the same seed decide alike
 * @param startNanos from which phases count, by the clock that packets come with
 * @param pipeline what it does
 */
public record LinkFault(
    String id,
    PacketFilter filter,
    Direction direction,
    String link,
    long seed,
    long startNanos,
    Pipeline pipeline) {}
