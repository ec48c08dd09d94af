/** The test servers: HTTP and UDP endpoints that say who asked, and that ask others. */
@NullMarked
package io.podwire.agnhost.netexec;

import org.jspecify.annotations.NullMarked;
