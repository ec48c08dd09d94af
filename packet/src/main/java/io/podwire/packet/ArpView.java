package io.podwire.packet;

import java.nio.ByteBuffer;

/** An ARP message for IPv4 over Ethernet (RFC 826). */
public final class ArpView extends View {

  public static final int LENGTH = 28;
  public static final int REQUEST = 1;
  public static final int REPLY = 2;

  private static final int HARDWARE_TYPE = 0;
  private static final int PROTOCOL_TYPE = 2;
  private static final int HARDWARE_LENGTH = 4;
  private static final int PROTOCOL_LENGTH = 5;
  private static final int OPERATION = 6;
  private static final int SENDER_MAC = 8;
  private static final int SENDER_IP = 14;
  private static final int TARGET_MAC = 18;
  private static final int TARGET_IP = 24;

  private static final int ETHERNET = 1;

  public ArpView wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /** Whether the message is whole and speaks of IPv4 over Ethernet. */
  public Defect check() {
    if (!holds(LENGTH)) {
      return Defect.TRUNCATED;
    }
    boolean known =
        u16(HARDWARE_TYPE) == ETHERNET
            && u16(PROTOCOL_TYPE) == EtherType.IPV4
            && u8(HARDWARE_LENGTH) == 6
            && u8(PROTOCOL_LENGTH) == 4;
    return known ? Defect.NONE : Defect.BAD_FIELD;
  }

  public int operation() {
    return u16(OPERATION);
  }

  public long senderMac() {
    return mac(SENDER_MAC);
  }

  public int senderIp() {
    return i32(SENDER_IP);
  }

  public long targetMac() {
    return mac(TARGET_MAC);
  }

  public int targetIp() {
    return i32(TARGET_IP);
  }

  /** Writes the four fields that say "IPv4 over Ethernet". */
  public ArpView setFormat() {
    put16(HARDWARE_TYPE, ETHERNET);
    put16(PROTOCOL_TYPE, EtherType.IPV4);
    put8(HARDWARE_LENGTH, 6);
    put8(PROTOCOL_LENGTH, 4);
    return this;
  }

  public ArpView setOperation(int operation) {
    put16(OPERATION, operation);
    return this;
  }

  public ArpView setSenderMac(long mac) {
    putMac(SENDER_MAC, mac);
    return this;
  }

  public ArpView setSenderIp(int address) {
    put32(SENDER_IP, address);
    return this;
  }

  public ArpView setTargetMac(long mac) {
    putMac(TARGET_MAC, mac);
    return this;
  }

  public ArpView setTargetIp(int address) {
    put32(TARGET_IP, address);
    return this;
  }
}
