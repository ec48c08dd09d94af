/** Patterns and their failures. */
@NullMarked
package io.podwire.testkit.assertion;

import org.jspecify.annotations.NullMarked;
