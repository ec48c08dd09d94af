/** Whether questions come back to the server that asked them. */
@NullMarked
package io.podwire.dns.loop;

import org.jspecify.annotations.NullMarked;
