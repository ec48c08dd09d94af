/** Whether the process lives, over HTTP. */
@NullMarked
package io.podwire.dns.health;

import org.jspecify.annotations.NullMarked;
