/** The operator's command {@code podwire}: one class per subcommand. */
@NullMarked
package io.podwire.cli;

import org.jspecify.annotations.NullMarked;
