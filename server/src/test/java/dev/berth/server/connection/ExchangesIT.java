package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.FullHeap;
import dev.berth.server.http1.Exchange;
import dev.berth.server.http1.HttpDate;
import dev.berth.server.http1.LargeHeads;
import dev.berth.server.http1.Wire;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exchanges that are lent and come back. */
final class ExchangesIT {
  private static final int MORE_THAN_ARE_KEPT = 130;
  private static final int MORE_THAN_AT_FIRST = 20 * 1024;

  @Test
  void oneThatCantBeClearedForWantOfMemoryIsLeftToTheCollectorAndHurtsNobody() throws Exception {
    assertThat(FullHeap.run(Lending.class, "-Xmx32m")).isEqualTo("failed 0, can spare true");
  }

  /** Borrows many, and gives them back when there is no memory. */
  static final class Lending {
    private static final Wire NOBODY =
        new Wire() {
          @Override
          public int read(ByteBuffer into) {
            return -1;
          }

          @Override
          public void write(ByteBuffer from) {}

          @Override
          public boolean endsAfterThis() {
            return false;
          }
        };

    private static int failed;

    private Lending() {}

    public static void main(String[] arguments) {
      HttpDate date = new HttpDate(InstantSource.system());
      LargeHeads heads = new LargeHeads(MORE_THAN_AT_FIRST, Long.MAX_VALUE);
      Exchanges exchanges = new Exchanges(() -> new Exchange(MORE_THAN_AT_FIRST, heads, date));
      // So that all of the code is there.
      giveBack(exchanges, List.of(borrow(exchanges)));
      List<Exchange> lent = new ArrayList<>();
      while (lent.size() < MORE_THAN_ARE_KEPT) {
        lent.add(borrow(exchanges));
      }
      FullHeap.during(() -> giveBack(exchanges, lent));
      System.out.println("failed " + failed + ", can spare " + exchanges.canSpare());
    }

    // In a loop that takes no memory itself.
    private static void giveBack(Exchanges exchanges, List<Exchange> lent) {
      for (int one = 0; one < lent.size(); one++) {
        try {
          exchanges.giveBack(lent.get(one));
        } catch (OutOfMemoryError full) {
          failed++;
        }
      }
    }

    private static Exchange borrow(Exchanges exchanges) {
      Exchange exchange = exchanges.borrow(NOBODY, new InetSocketAddress(0));
      exchange.put(ByteBuffer.allocate(MORE_THAN_AT_FIRST));
      return exchange;
    }
  }
}
