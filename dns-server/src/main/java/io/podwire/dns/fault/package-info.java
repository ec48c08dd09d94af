/** DNS answers that go wrong on purpose, and what is told of them. */
@NullMarked
package io.podwire.dns.fault;

import org.jspecify.annotations.NullMarked;
