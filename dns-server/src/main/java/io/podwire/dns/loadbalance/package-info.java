/** The order of addresses in an answer. */
@NullMarked
package io.podwire.dns.loadbalance;

import org.jspecify.annotations.NullMarked;
