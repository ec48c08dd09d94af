/** Failures, in the log. */
@NullMarked
package io.podwire.dns.errors;

import org.jspecify.annotations.NullMarked;
