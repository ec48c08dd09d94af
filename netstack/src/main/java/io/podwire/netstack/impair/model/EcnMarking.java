package io.podwire.netstack.impair.model;

/**
 * netem's {@code ecn}: where a loss model would lose a packet whose sender understands congestion
 * marks (RFC 3168), it is marked "congestion experienced" and stays.
 */
public record EcnMarking() implements Impairment {}
