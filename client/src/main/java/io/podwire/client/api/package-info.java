/** A client of the control plane's HTTP API over a unix domain socket or TCP. */
@NullMarked
package io.podwire.client.api;

import org.jspecify.annotations.NullMarked;
