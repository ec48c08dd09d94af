/** One node's router and the wiring of its datapath. */
@NullMarked
package io.podwire.netstack.gateway;

import org.jspecify.annotations.NullMarked;
