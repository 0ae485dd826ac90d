package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.FullHeap;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted, when there was no memory for it. */
final class WantOfMemoryIT {
  private static final int LARGE = 64 * 1024;

  @Test
  void anExchangeThatCantBeClearedTakesNothingAmongLargeHeads() throws Exception {
    assertThat(FullHeap.run(Reclaiming.class, "-Xmx32m")).isEqualTo("failed, 0 taken");
  }

  @Test
  void aLargeBufferThatWasNotToBeHadIsNotLent() throws Exception {
    assertThat(FullHeap.run(Borrowing.class, "-XX:MaxDirectMemorySize=32k"))
        .isEqualTo("a large one is tried");
  }

  /** Gives an exchange back that has a long head. */
  static final class Reclaiming {
    private Reclaiming() {}

    public static void main(String[] arguments) {
      LargeHeads heads = new LargeHeads(LARGE / 2, Long.MAX_VALUE);
      Exchange exchange = new Exchange(LARGE, heads, new HttpDate(InstantSource.system()));
      // Once before, so that all of the code is there.
      lend(exchange);
      exchange.reclaim();
      lend(exchange);
      String outcome = "reclaimed";
      try {
        FullHeap.during(exchange::reclaim);
      } catch (OutOfMemoryError full) {
        outcome = "failed";
      }
      System.out.println(outcome + ", " + heads.taken() + " taken");
    }

    private static void lend(Exchange exchange) {
      exchange.lend(new MemoryWire(List.of()), new InetSocketAddress(0));
      exchange.put(ByteBuffer.allocate(LARGE));
    }
  }

  /** Borrows as many large buffers as are lent, where there is none, and then one. */
  static final class Borrowing {
    private static final int AS_MANY_AS_ARE_LENT = 16;

    private Borrowing() {}

    public static void main(String[] arguments) throws InterruptedException {
      List<Thread> borrowing = new ArrayList<>();
      for (int one = 0; one < AS_MANY_AS_ARE_LENT; one++) {
        borrowing.add(Thread.ofPlatform().start(Borrowing::borrow));
      }
      for (Thread thread : borrowing) {
        thread.join();
      }
      System.out.println(borrow());
    }

    private static String borrow() {
      try {
        return CopyBuffers.borrow(LARGE).capacity() + " bytes";
      } catch (OutOfMemoryError none) {
        return "a large one is tried";
      }
    }
  }
}
