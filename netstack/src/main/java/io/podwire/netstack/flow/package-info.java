/** The ways of established flows, found with one look-up for each packet. */
@NullMarked
package io.podwire.netstack.flow;

import org.jspecify.annotations.NullMarked;
