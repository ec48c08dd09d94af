/** Faults from the command line: their manifests, their holder, and how they are printed. */
@NullMarked
package io.podwire.cli.fault;

import org.jspecify.annotations.NullMarked;
