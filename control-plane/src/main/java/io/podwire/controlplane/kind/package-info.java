/**
 * The kinds that the API knows: one table of group, version, names, schema, defaults, validation
 * and claims; and the one reading of a manifest as a model record. Pure: no I/O, no clock.
 */
@NullMarked
package io.podwire.controlplane.kind;

import org.jspecify.annotations.NullMarked;
