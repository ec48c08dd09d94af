package io.podwire.dns.rrl;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What networks have left: each response costs one, so many come back every second, and no more are
 * owed than a window of them. At most so many accounts, the one unused longest goes. Thread-safe.
 */
final class Accounts {

  /** What a response is counted as. */
  record Key(long network, String kind, String name) {}

  private final Map<Key, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);
  private final int capacity;
  private final int windowSeconds;

  Accounts(int capacity, int windowSeconds) {
    this.capacity = capacity;
    this.windowSeconds = windowSeconds;
  }

  /** One network's balance. */
  private static final class Account {
    private double balance;
    private long seen;
    private int refused;
  }

  /**
   * Takes one.
   *
   * @param perSecond that come back
   * @return 0 where there was one, else how often in a row there was none
   */
  synchronized int take(Key key, int perSecond, long nanos) {
    Account account = accounts.get(key);
    if (account == null) {
      account = new Account();
      account.balance = perSecond;
      account.seen = nanos;
      accounts.put(key, account);
      evict();
    }
    double earned = (nanos - account.seen) * (double) perSecond / TimeUnit.SECONDS.toNanos(1);
    account.seen = nanos;
    account.balance = Math.min(perSecond, account.balance + earned);
    account.balance = Math.max(account.balance - 1, -(double) perSecond * windowSeconds);
    account.refused = account.balance < 0 ? account.refused + 1 : 0;
    return account.refused;
  }

  private void evict() {
    if (accounts.size() > capacity) {
      Iterator<Key> oldest = accounts.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  synchronized int size() {
    return accounts.size();
  }
}
