/** Handles without a cluster behind them. */
@NullMarked
package io.podwire.testkit.cluster;

import org.jspecify.annotations.NullMarked;
