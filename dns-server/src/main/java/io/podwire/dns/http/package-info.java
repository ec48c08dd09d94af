/** The few pages that plugins show over HTTP, at ports that several of them may share. */
@NullMarked
package io.podwire.dns.http;

import org.jspecify.annotations.NullMarked;
