package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.berth.server.handler.Handler;
import org.junit.jupiter.api.Test;

/** Fields that are added, and fields that replace others. */
final class ResponseFieldsTest {
  private static String answer(Handler handler) throws Exception {
    return Conversation.of(handler, "GET / HTTP/1.1\r\nHost: berth\r\n\r\n").answer();
  }

  @Test
  void addsASecondFieldOfAName() throws Exception {
    assertThat(
            answer((request, response) ->
                response.header("Set-Cookie", "a=1").header("Set-Cookie", "b=2")))
        .contains("\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n");
  }

  @Test
  void setsAFieldInPlaceOfThoseOfItsName() throws Exception {
    assertThat(
            answer((request, response) ->
                response
                    .header("Vary", "a")
                    .header("X-Kept", "Vary: x")
                    .header("vary", "b")
                    .header("Vary-Not", "c")
                    .setHeader("VARY", "d")))
        .endsWith("\r\nX-Kept: Vary: x\r\nVary-Not: c\r\nVARY: d\r\nContent-Length: 0\r\n\r\n");
  }

  @Test
  void setsAFieldOfALongerNameThanAllThatIsThere() throws Exception {
    String name = "X-" + "long".repeat(300);
    assertThat(answer((request, response) -> response.header("A", "b").setHeader(name, "c")))
        .contains("\r\nA: b\r\n" + name + ": c\r\n");
  }

  @Test
  void setsTheTypeThatTextWouldHave() throws Exception {
    assertThat(
            answer((request, response) ->
                response
                    .header("Content-Type", "text/html")
                    .setHeader("Content-Type", "text/csv")
                    .text("a,b")))
        .contains("\r\nContent-Type: text/csv\r\n")
        .doesNotContain("text/html", "text/plain");
  }

  @Test
  void replacesNothingByWhatMayNotBeSent() throws Exception {
    assertThat(
            answer((request, response) -> {
              response.header("X", "a");
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> response.setHeader("X", "b\r\n"));
            }))
        .contains("\r\nX: a\r\n");
  }

  @Test
  void tellsItsStatus() throws Exception {
    assertThat(
            answer((request, response) -> {
              assertThat(response.status()).isEqualTo(200);
              response.status(404);
              response.text("status " + response.status());
            }))
        .endsWith("status 404");
  }
}
