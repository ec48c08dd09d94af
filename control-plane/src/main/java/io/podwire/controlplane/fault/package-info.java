/**
 * What the control plane adds to a fault's manifest: where it acts, what its agents tell of it, and
 * the verdict; and what it checks before it takes one.
 */
@NullMarked
package io.podwire.controlplane.fault;

import org.jspecify.annotations.NullMarked;
