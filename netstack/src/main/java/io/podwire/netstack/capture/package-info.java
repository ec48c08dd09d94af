/** What passes a link, recorded for a reader on another thread without ever waiting for it. */
@NullMarked
package io.podwire.netstack.capture;

import org.jspecify.annotations.NullMarked;
