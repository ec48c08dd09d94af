/**
 * The leader's work: observes the registry, asks the pure reconcilers what should be, and writes
 * the difference, with the leader's epoch in every write.
 */
@NullMarked
package io.podwire.controlplane.controller;

import org.jspecify.annotations.NullMarked;
