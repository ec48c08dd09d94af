/** Names and addresses of a static hosts file. */
@NullMarked
package io.podwire.dns.hosts;

import org.jspecify.annotations.NullMarked;
