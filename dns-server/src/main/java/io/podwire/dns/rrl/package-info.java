/** Bounds on how often a network is told the same. */
@NullMarked
package io.podwire.dns.rrl;

import org.jspecify.annotations.NullMarked;
