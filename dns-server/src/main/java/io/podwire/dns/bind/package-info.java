/** The addresses that a block is served at. */
@NullMarked
package io.podwire.dns.bind;

import org.jspecify.annotations.NullMarked;
