package io.podwire.agent.pod;

import io.podwire.cluster.model.ObjectName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a Pod's files are: {@code NAMESPACE_NAME_UID/CONTAINER/N.log}, as kubelet names them, and
 * beside them what a restarted agent needs to take the Pod over.
 *
 * @param path the Pod's folder
 */
public record PodFolder(Path path) {

  static PodFolder of(Path pods, ObjectName key, String uid) {
    return new PodFolder(pods.resolve(key.namespace() + "_" + key.name() + "_" + uid));
  }

  /** Those that exist. */
  static List<PodFolder> list(Path pods) {
    if (!Files.isDirectory(pods)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(pods)) {
      return folders.filter(Files::isDirectory).map(PodFolder::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + pods, e);
    }
  }

  Path sandbox() {
    return path.resolve("sandbox.properties");
  }

  /** In place of a sandbox, where other programs have attached a namespace. */
  Path attached() {
    return path.resolve("attached.properties");
  }

  Path outcome() {
    return path.resolve("outcome.properties");
  }

  /** What the pause process waits on. */
  Path fifo() {
    return path.resolve("pause");
  }

  Path etc(String name) {
    return path.resolve("etc-" + name);
  }

  /** Output and error of the container's run number N, counted from 0. */
  public Path log(String container, int run) {
    return path.resolve(container).resolve(run + ".log");
  }

  /** Of one container: its logs are in there. */
  public Path container(String container) {
    return path.resolve(container);
  }

  Path containerState(String container) {
    return path.resolve(container).resolve("container.properties");
  }

  /** Written by the container's supervisor when it ends. */
  Path exitCode(String container, int run) {
    return path.resolve(container).resolve(run + ".exit");
  }

  void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("creating " + folder, e);
    }
  }

  /** Removes it with all that is in it; idempotent. */
  void delete() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + path, e);
    }
  }
}
