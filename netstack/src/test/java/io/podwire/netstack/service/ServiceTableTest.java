package io.podwire.netstack.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.addr.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceTableTest {

  private static final IpAddress ADDRESS = IpAddress.parse("10.96.0.20");

  private final ServiceTable table = new ServiceTable();

  private static VirtualService service(String name) {
    return new VirtualService(name, List.of(new Backend(IpAddress.parse("10.244.1.2"), 80)));
  }

  private static ServiceTable.Key key(int port) {
    return new ServiceTable.Key(ADDRESS, 6, port);
  }

  @Test
  void shouldKnowAnAddressAsLongAsAnyOfItsPortsIsThere() {
    table.put(key(80), service("a"));
    table.put(key(443), service("b"));
    table.put(key(80), service("c"));
    assertThat(table.size()).isEqualTo(2);

    table.remove(key(80));
    table.remove(key(80));
    assertThat(table.isServiceAddress(ADDRESS)).isTrue();
    table.remove(key(443));
    assertThat(table.isServiceAddress(ADDRESS)).isFalse();
    assertThat(table.size()).isZero();
  }
}
