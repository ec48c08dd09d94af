/** Captured packets as values, patterns for them, and failures that show what came nearest. */
@NullMarked
package io.podwire.testkit.assertion;

import org.jspecify.annotations.NullMarked;
