/** What an experiment's file says, read and checked before anything acts. */
@NullMarked
package io.podwire.cli.experiment.plan;

import org.jspecify.annotations.NullMarked;
