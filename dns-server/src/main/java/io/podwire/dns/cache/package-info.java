/** Answers, kept for a while. */
@NullMarked
package io.podwire.dns.cache;

import org.jspecify.annotations.NullMarked;
