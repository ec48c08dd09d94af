/** The built-in test image: one program with a subcommand for each server and client. */
@NullMarked
package io.podwire.agnhost;

import org.jspecify.annotations.NullMarked;
