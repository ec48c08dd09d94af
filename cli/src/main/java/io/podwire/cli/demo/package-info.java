/** The demonstration: steps with what was expected and what was seen. */
@NullMarked
package io.podwire.cli.demo;

import org.jspecify.annotations.NullMarked;
