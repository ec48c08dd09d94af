/** The tunnel to the other nodes (RFC 7348). */
@NullMarked
package io.podwire.netstack.vxlan;

import org.jspecify.annotations.NullMarked;
