package io.podwire.controlplane.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.PurgeTxnLog;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ZooKeeper server within this process: on a loopback port of its own choice, without an admin
 * server, with its state in one directory that a restart finds again.
 *
 * <p>A kill of the process loses nothing that was acknowledged; a crash of the machine may lose the
 * last moments, since transactions are not forced to the disk one by one. Thread-safe.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedZooKeeper.class);
  private static final int TICK_MILLIS = 1000;
  private static final int MAX_CONNECTIONS = 200;
  private static final int SNAPSHOTS_KEPT = 3;
  private static final long PURGE_MILLIS = 3_600_000;

  static {
    System.setProperty("zookeeper.forceSync", "no");
    System.setProperty("zookeeper.preAllocSize", "1024");
    System.setProperty("zookeeper.nio.numSelectorThreads", "1");
    System.setProperty("zookeeper.admin.enableServer", "false");
    ZooKeeperConnection.raiseBufferLimit();
  }

  private final FileChannel lockFile;
  private final ServerCnxnFactory factory;
  private final ZooKeeperServer server;
  private final Timer purge = new Timer("zookeeper-purge", true);
  private boolean closed;

  private EmbeddedZooKeeper(
      FileChannel lockFile, ServerCnxnFactory factory, ZooKeeperServer server) {
    this.lockFile = lockFile;
    this.factory = factory;
    this.server = server;
  }

  /**
   * Starts a server on the state in this directory, which is made where it is absent.
   *
   * @throws IOException if the directory cannot be used, or another process uses it
   */
  public static EmbeddedZooKeeper start(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileChannel lockFile = lock(directory);
    try {
      FileTxnSnapLog log = new FileTxnSnapLog(directory.toFile(), directory.toFile());
      ZooKeeperServer server = new ZooKeeperServer(log, TICK_MILLIS, "");
      ServerCnxnFactory factory = new NIOServerCnxnFactory();
      factory.configure(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MAX_CONNECTIONS);
      factory.startup(server);
      EmbeddedZooKeeper embedded = new EmbeddedZooKeeper(lockFile, factory, server);
      // Whoever held sessions was in the process before this one, and is gone with it.
      embedded.expireSessions();
      embedded.purgeNowAndThen(directory);
      return embedded;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lockFile.close();
      throw new IOException("interrupted while ZooKeeper started", e);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("podwire.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IOException(directory + " is in use by another control plane");
    }
    return channel;
  }

  private void purgeNowAndThen(Path directory) {
    purge.schedule(
        new TimerTask() {
          @Override
          public void run() {
            try {
              PurgeTxnLog.purge(directory.toFile(), directory.toFile(), SNAPSHOTS_KEPT);
            } catch (IOException e) {
              LOG.warn("old snapshots in {} could not be removed: {}", directory, e.getMessage());
            }
          }
        },
        PURGE_MILLIS,
        PURGE_MILLIS);
  }

  /** {@code 127.0.0.1:port}. */
  public String connectString() {
    return "127.0.0.1:" + factory.getLocalPort();
  }

  /** Cuts every client's connection, as a network failure would; sessions live on. */
  void cutConnections() {
    factory.closeAll(org.apache.zookeeper.server.ServerCnxn.DisconnectReason.UNKNOWN);
  }

  /** Ends every session with its ephemeral znodes, as if its client had been silent too long. */
  void expireSessions() {
    server.getSessionTracker().globalSessions().forEach(server::closeSession);
  }

  /** Stops the server; its state stays. Idempotent. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    purge.cancel();
    factory.shutdown();
    try {
      server.getTxnLogFactory().close();
      lockFile.close();
    } catch (IOException e) {
      LOG.warn("ZooKeeper's files could not be closed: {}", e.getMessage());
    }
  }
}
