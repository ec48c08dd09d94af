package io.podwire.cli.experiment.plan;

import io.podwire.client.manifest.ManifestStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where an experiment takes place.
 *
 * @param nodes of the cluster that is started for it; empty: on a cluster that runs
 * @param manifests what is applied first
 * @param patience for the start and for the Pods
 */
public record Topology(OptionalInt nodes, Optional<ManifestStream> manifests, Duration patience) {}
