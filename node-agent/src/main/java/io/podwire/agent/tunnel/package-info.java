/** The datapath's devices: TAPs and UDP sockets on the node's event loop. */
@NullMarked
package io.podwire.agent.tunnel;

import org.jspecify.annotations.NullMarked;
