package io.podwire.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.Resource;

/** Something that happened while a cluster starts. */
sealed interface ClusterEvent {

  /** A file of the run folder was written or removed. */
  record RunFile(String name) implements ClusterEvent {}

  /** An object as it is now; {@code deleted} where it is no more. */
  record Changed(Resource resource, JsonNode object, boolean deleted) implements ClusterEvent {}

  /** All objects of a kind that there were have been told. */
  record Listed(Resource resource) implements ClusterEvent {}

  /** A watch cannot go on. */
  record WatchLost(RuntimeException reason) implements ClusterEvent {}
}
