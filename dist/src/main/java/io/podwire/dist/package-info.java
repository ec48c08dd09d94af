/** Podwire's programs as a Maven artifact: unpacked once for a user, and then started as ever. */
@NullMarked
package io.podwire.dist;

import org.jspecify.annotations.NullMarked;
