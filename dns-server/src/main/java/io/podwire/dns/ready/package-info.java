/** Whether every plugin can answer, over HTTP. */
@NullMarked
package io.podwire.dns.ready;

import org.jspecify.annotations.NullMarked;
