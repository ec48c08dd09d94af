/** Frames with offload metadata, ports, counters and drop reasons. */
@NullMarked
package io.podwire.netstack.link;

import org.jspecify.annotations.NullMarked;
