/** Options, the order of the handlers, and the main class. */
@NullMarked
package io.podwire.dns.boot;

import org.jspecify.annotations.NullMarked;
