/** What requests came to, and whether that is what it should be. */
@NullMarked
package io.podwire.cli.experiment.measure;

import org.jspecify.annotations.NullMarked;
