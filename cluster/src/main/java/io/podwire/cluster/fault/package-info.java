/**
 * The language of faults: what is done to which traffic, what came of it, and whether that is what
 * was asked for. Pure values; units are in the types.
 */
@NullMarked
package io.podwire.cluster.fault;

import org.jspecify.annotations.NullMarked;
