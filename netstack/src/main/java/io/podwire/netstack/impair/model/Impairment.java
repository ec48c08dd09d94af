package io.podwire.netstack.impair.model;

/**
 * One thing that is done to the packets of a link; a fault has at most one of each kind.
 *
 * <p>All are immutable and may be shared; what they remember of earlier packets belongs to the
 * fault that uses them. Probabilities are 0-1, times nanoseconds, lengths octets of the Ethernet
 * frame without its check sequence, rates bits a second.
 */
public sealed interface Impairment
    permits Hold,
        Blackhole,
        Flap,
        MtuBlackhole,
        Duplication,
        Loss,
        EcnMarking,
        Corruption,
        QueueLimit,
        Reordering,
        Delay,
        Rate,
        Slot,
        TokenBucket {}
