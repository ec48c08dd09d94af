/** Hooks in netfilter's order, connection tracking and address translation. */
@NullMarked
package io.podwire.netstack.filter;

import org.jspecify.annotations.NullMarked;
