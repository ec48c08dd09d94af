/**
 * Faults of TCP streams, with Toxiproxy's toxics, done to the segments of connections that pass a
 * link: no proxy ends them. Nothing here reads a clock; times are nanoseconds of the caller's.
 */
@NullMarked
package io.podwire.netstack.impair.stream;

import org.jspecify.annotations.NullMarked;
