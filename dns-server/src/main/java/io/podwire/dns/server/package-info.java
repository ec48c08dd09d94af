/** UDP and TCP listeners, and what happens to a message before and after the handlers. */
@NullMarked
package io.podwire.dns.server;

import org.jspecify.annotations.NullMarked;
