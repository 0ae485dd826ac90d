package dev.berth.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UpstreamAddressTest {
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:3000, 127.0.0.1, 3000, 127.0.0.1:3000",
    "http://app.shop.svc/, app.shop.svc, 80, app.shop.svc",
    "HTTP://[::1]:8081, [::1], 8081, [::1]:8081",
  })
  void reads(String url, String host, int port, String authority) {
    UpstreamAddress address = UpstreamAddress.parse(url);
    assertThat(address).isEqualTo(new UpstreamAddress(host, port));
    assertThat(address.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:3000, is no URL such as http://127.0.0.1:3000",
    "3000, is no URL such as http://127.0.0.1:3000",
    "http://, is no URL such as http://127.0.0.1:3000",
    "http://a:3000?b, is no URL such as http://127.0.0.1:3000",
    "http://me@a:3000, is no URL such as http://127.0.0.1:3000",
    "https://a, 'is an https URL, but upstreams are spoken to by plain http'",
    "http://a:3000/b, 'has a path, but requests keep their own: leave it out'",
    "http://a:70000, has no port from 1 to 65535",
    "http://a:0, has no port from 1 to 65535",
  })
  void refuses(String url, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UpstreamAddress.parse(url))
        .withMessage("'" + url + "' " + sentence);
  }
}
