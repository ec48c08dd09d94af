/** Answers made of patterns. */
@NullMarked
package io.podwire.dns.template;

import org.jspecify.annotations.NullMarked;
