/** Longest-prefix routes and what they lead to. */
@NullMarked
package io.podwire.netstack.route;

import org.jspecify.annotations.NullMarked;
