package io.podwire.cli.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.experiment.measure.Span;
import org.jspecify.annotations.Nullable;

/**
 * A step that has been.
 *
 * @param step its name in the file
 * @param what in a few words
 * @param fault the fault as it was at its end, with its receipts; null for other steps
 * @param failure why it could not be done; empty where it was
 */
public record StepSpan(
    String step, String what, Span span, @Nullable JsonNode fault, String failure) {}
