/** Measurements of a cluster that is running. */
@NullMarked
package io.podwire.cli.bench;

import org.jspecify.annotations.NullMarked;
