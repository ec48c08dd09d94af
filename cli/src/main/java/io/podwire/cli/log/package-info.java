/** How every program of the distribution logs. */
@NullMarked
package io.podwire.cli.log;

import org.jspecify.annotations.NullMarked;
