/** Short answers to questions for everything. */
@NullMarked
package io.podwire.dns.any;

import org.jspecify.annotations.NullMarked;
