/**
 * Faults of links: which packets they match, what they do to them, and what they have done.
 *
 * <p>A {@link io.podwire.netstack.impair.LinkImpairments} is one direction of one link. The order
 * of the impairments within a fault is stated in {@link io.podwire.netstack.impair.RunningFault}; a
 * link's faults act in the order in which they were put. Decisions are a function of seed, link,
 * direction and packet index ({@link io.podwire.netstack.impair.model.Draws}).
 */
@NullMarked
package io.podwire.netstack.impair;

import org.jspecify.annotations.NullMarked;
