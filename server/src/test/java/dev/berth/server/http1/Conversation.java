package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Handler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Serves what a client sends, in memory: the loop of a connection without the connection.
 *
 * <p>Requests are text blocks. A line's end in them stands for CR LF, {@code <LF>} for an LF alone;
 * what else is not printed is escaped.
 */
public final class Conversation {
  /** Says what it was asked, so that a test sees how the request was read. */
  static final Handler TELL =
      (request, response) ->
          response.text(
              request.method()
                  + " "
                  + request.path()
                  + " "
                  + request.query().orElse("-")
                  + " ["
                  + new String(request.body().readAllBytes(), StandardCharsets.ISO_8859_1)
                  + "]");

  private final MemoryWire wire;

  private Conversation(MemoryWire wire) {
    this.wire = wire;
  }

  /** A text block's bytes, in Latin-1. */
  static String wire(String textBlock) {
    return textBlock.replace("\n", "\r\n").replace("<LF>", "\n");
  }

  /** What {@link #TELL} answers to a text block. */
  static String told(String textBlock) throws Exception {
    return answered(TELL, textBlock);
  }

  static String answered(Handler handler, String textBlock) throws Exception {
    return of(handler, wire(textBlock)).answer();
  }

  /**
   * Asserts that a text block gets one answer, with that status and reason, from no handler, and
   * that the connection closes after it.
   */
  static void assertRefused(int status, String reason, String textBlock) throws Exception {
    assertThat(told(textBlock))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("\r\nConnection: close\r\n")
        .contains(reason)
        .containsOnlyOnce("\r\nDate: ");
  }

  /** Serves these pieces to their end, with a head limit of 4096 bytes. */
  public static Conversation of(Handler handler, List<String> pieces) throws Exception {
    return of(handler, pieces, 4096);
  }

  static Conversation of(Handler handler, List<String> pieces, int headLimit) throws Exception {
    MemoryWire wire = new MemoryWire(pieces);
    HttpDate date = new HttpDate(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")));
    Exchange exchange = new Exchange(headLimit, LargeHeads.UNBOUNDED, date);
    exchange.lend(wire, InetSocketAddress.createUnresolved("client", 1));
    serve(handler, exchange, wire);
    exchange.reclaim();
    return new Conversation(wire);
  }

  public static Conversation of(Handler handler, String bytes) throws Exception {
    return of(handler, List.of(bytes));
  }

  private static void serve(Handler handler, Exchange exchange, Wire wire) throws Exception {
    try {
      do {
        while (exchange.parse()) {
          handler.handle(exchange, exchange.response());
          switch (exchange.complete()) {
            case PERSISTS -> exchange.next();
            case UPGRADES -> {
              exchange.upgraded().converse(wire);
              return;
            }
            case CLOSES -> {
              exchange.flush();
              return;
            }
          }
        }
      } while (exchange.fill() >= 0);
    } catch (BadRequest refused) {
      exchange.refuse(refused.status(), refused.sentence());
    } catch (MalformedBody malformed) {
      if (exchange.takeBack()) {
        exchange.refuse(malformed.badRequest().status(), malformed.badRequest().sentence());
      }
    }
  }

  /** All that was answered. */
  public String answer() {
    return wire.written();
  }

  /** What was answered before the last piece was read. */
  String answerBeforeLastPiece() {
    return wire.writtenBeforeLastPiece();
  }

  /** In how many writes. */
  int writes() {
    return wire.writes();
  }
}
