/** Requests at a steady rate, each of which is told with its time, latency and result. */
@NullMarked
package io.podwire.agnhost.load;

import org.jspecify.annotations.NullMarked;
