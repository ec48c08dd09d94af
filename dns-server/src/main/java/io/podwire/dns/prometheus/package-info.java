/** Metrics, over HTTP. */
@NullMarked
package io.podwire.dns.prometheus;

import org.jspecify.annotations.NullMarked;
