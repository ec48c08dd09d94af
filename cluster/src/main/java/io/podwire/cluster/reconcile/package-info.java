/**
 * Pure reconcilers: desired state from observed state, without I/O or clocks. Each is
 * level-triggered and idempotent: what it answers depends on what is observed, never on how that
 * came about.
 */
@NullMarked
package io.podwire.cluster.reconcile;

import org.jspecify.annotations.NullMarked;
