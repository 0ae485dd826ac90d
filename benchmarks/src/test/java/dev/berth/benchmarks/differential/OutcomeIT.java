package dev.berth.benchmarks.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.benchmarks.differential.CannedServer.After;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What two servers do with the same bytes, and what that comes to. */
class OutcomeIT {
  private static final Case POST =
      new Case("post", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  private static final String HELLO = heard("POST", "/a", "hello");
  private static final String SENTINEL = heard("GET", "/sentinel", "");
  private static final String REFUSAL = "HTTP/1.1 400 Bad Request\r\n\r\n";

  @Test
  void theSameRequestsAreAlike() throws IOException {
    assertThat(outcome(HELLO + SENTINEL, After.ENDS)).isEqualTo(new Outcome(Comparison.ALIKE, 2));
  }

  @Test
  void otherContentIsDifferent() throws IOException {
    assertThat(outcome(heard("POST", "/a", "hell") + SENTINEL, After.ENDS).comparison())
        .isEqualTo(Comparison.DIFFERENT);
  }

  @Test
  void anotherTargetIsDifferent() throws IOException {
    assertThat(outcome(heard("POST", "/b", "hello") + SENTINEL, After.ENDS).comparison())
        .isEqualTo(Comparison.DIFFERENT);
  }

  @Test
  void oneThatWaitsForMoreIsDifferent() throws IOException {
    assertThat(outcome(HELLO, After.WAITS).comparison()).isEqualTo(Comparison.DIFFERENT);
  }

  @Test
  void oneThatRefusesOnlyWhenTheClientEndsIsDifferent() throws IOException {
    assertThat(outcome(HELLO, After.REFUSES_WHEN_THE_CLIENT_ENDS).comparison())
        .isEqualTo(Comparison.DIFFERENT);
  }

  @Test
  void oneThatRefusesIsTheStricterOne() throws IOException {
    assertThat(outcome(HELLO + REFUSAL, After.ENDS))
        .isEqualTo(new Outcome(Comparison.PEER_REFUSES, 1));
  }

  @Test
  void oneThatAnnouncesItsCloseHasNotMisread() throws IOException {
    String closing = HELLO.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");

    assertThat(outcome(closing, After.ENDS).comparison()).isEqualTo(Comparison.ONE_CLOSES);
  }

  @Test
  void aProxyThatCannotReachItsServerSaysNothing() throws IOException {
    assertThat(outcome("HTTP/1.1 502 Bad Gateway\r\n\r\n", After.ENDS).comparison())
        .isEqualTo(Comparison.FAILED);
  }

  /** Berth's outcome beside a server that answers just that. */
  private static Outcome outcome(String answers, After after) throws IOException {
    try (BerthParty berth = BerthParty.start();
        CannedServer canned = CannedServer.start(answers, after)) {
      return Outcome.of(POST.sent(), berth.party(), canned.party());
    }
  }

  private static String heard(String method, String target, String content) {
    Heard heard = Heard.of(method, target, content.getBytes(StandardCharsets.US_ASCII));
    return "HTTP/1.1 200 OK\r\nHeard: " + heard.told() + "\r\nContent-Length: 0\r\n\r\n";
  }
}
