/** Pure reconcilers: desired state from observed state, without I/O or clocks. */
@NullMarked
package io.podwire.cluster.reconcile;

import org.jspecify.annotations.NullMarked;
