/** A network namespace's side of being a Pod: its interface, its files, its agent. */
@NullMarked
package io.podwire.sandbox;

import org.jspecify.annotations.NullMarked;
