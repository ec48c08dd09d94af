/** Runs an experiment: load in Pods, steps at their times, and what came of all of it. */
@NullMarked
package io.podwire.cli.experiment.run;

import org.jspecify.annotations.NullMarked;
