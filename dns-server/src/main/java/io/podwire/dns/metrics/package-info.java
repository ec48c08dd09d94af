/** Counters, gauges and histograms with labels; what shows them is not known here. */
@NullMarked
package io.podwire.dns.metrics;

import org.jspecify.annotations.NullMarked;
