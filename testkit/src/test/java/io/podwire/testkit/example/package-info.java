/** The tests that docs/testing.md shows. */
@NullMarked
package io.podwire.testkit.example;

import org.jspecify.annotations.NullMarked;
