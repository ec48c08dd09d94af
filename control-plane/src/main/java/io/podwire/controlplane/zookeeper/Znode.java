package io.podwire.controlplane.zookeeper;

import org.apache.zookeeper.data.Stat;

/**
 * An object as it was read.
 *
 * @param created the zxid of its creation, which tells a recreated object from a changed one
 * @param modified the zxid of its last change
 */
record Znode(ObjectRecord content, long created, long modified) {

  static Znode of(byte[] data, Stat stat) {
    return new Znode(ObjectRecord.decode(data), stat.getCzxid(), stat.getMzxid());
  }
}
