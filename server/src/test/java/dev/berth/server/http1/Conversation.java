package dev.berth.server.http1;

import dev.berth.server.handler.Handler;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Serves what a client sends, in memory: the loop of a connection without the connection. */
public final class Conversation {
  private final MemoryWire wire;

  private Conversation(MemoryWire wire) {
    this.wire = wire;
  }

  /** Serves these pieces to their end, with a head limit of 4096 bytes. */
  public static Conversation of(Handler handler, List<String> pieces) throws Exception {
    MemoryWire wire = new MemoryWire(pieces);
    HttpDate date = new HttpDate(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")));
    Exchange exchange = new Exchange(4096, date);
    exchange.lend(wire, InetSocketAddress.createUnresolved("client", 1));
    serve(handler, exchange);
    exchange.reclaim();
    return new Conversation(wire);
  }

  public static Conversation of(Handler handler, String bytes) throws Exception {
    return of(handler, List.of(bytes));
  }

  private static void serve(Handler handler, Exchange exchange) throws Exception {
    try {
      do {
        while (exchange.parse()) {
          handler.handle(exchange, exchange.response());
          if (exchange.complete() != Exchange.Ending.PERSISTS) {
            exchange.flush();
            return;
          }
          exchange.next();
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

  /** In how many writes. */
  int writes() {
    return wire.writes();
  }
}
