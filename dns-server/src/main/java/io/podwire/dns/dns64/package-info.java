/** IPv6 addresses made of IPv4 ones. */
@NullMarked
package io.podwire.dns.dns64;

import org.jspecify.annotations.NullMarked;
