package io.podwire.cli.local;

import io.podwire.cli.outcome.CommandFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lets one command at a time start or remove a cluster; released when the process ends at the
 * latest.
 */
final class ClusterLock implements AutoCloseable {
  private final FileChannel channel;

  private ClusterLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, making the cluster's folder where there is none.
   *
   * @throws CommandFailure where another command holds it
   */
  static ClusterLock take(ClusterHome home) {
    try {
      while (true) {
        Files.createDirectories(home.folder());
        FileChannel channel =
            FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          throw new CommandFailure(
              "cluster \""
                  + home.name()
                  + "\" is being started or removed by another podwire"
                  + " command: wait for it, or end that one with Ctrl-C");
        }
        // The holder before may have removed the folder, and this file with it.
        if (isSame(home.lock(), channel)) {
          return new ClusterLock(channel);
        }
        channel.close();
      }
    } catch (IOException failure) {
      throw new CommandFailure(
          "the state folder "
              + home.folder()
              + " cannot be used ("
              + failure
              + "): set PODWIRE_HOME to a folder that you may write to",
          failure);
    }
  }

  private static boolean isSame(Path file, FileChannel channel) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    long stamp = System.nanoTime();
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, stamp));
    byte[] seen = Files.readAllBytes(file);
    return seen.length == Long.BYTES && ByteBuffer.wrap(seen).getLong() == stamp;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new CommandFailure("the cluster's lock cannot be released: " + failure, failure);
    }
  }
}
