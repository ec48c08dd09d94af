/** How a command ends: exit codes, and failures as one clear message. */
@NullMarked
package io.podwire.cli.outcome;

import org.jspecify.annotations.NullMarked;
