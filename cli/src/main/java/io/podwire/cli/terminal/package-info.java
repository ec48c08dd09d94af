/** The user's terminal: raw mode, size, and restoring both, by the foreign-function API. */
@NullMarked
package io.podwire.cli.terminal;

import org.jspecify.annotations.NullMarked;
