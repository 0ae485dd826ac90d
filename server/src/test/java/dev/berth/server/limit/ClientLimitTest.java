package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import java.net.InetAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientLimitTest {
  private static final InetAddress ALICE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress BOB = InetAddress.ofLiteral("2001:db8::1");

  @Test
  void anAddressIsRefusedAboveItsLimitAndOthersAreNot() {
    ClientLimit limit = ClientLimit.of(1);
    assertThat(limit.tryAcquire(ALICE)).isEqualTo(Admitted.PERMIT);
    assertThat(limit.tryAcquire(ALICE)).isEqualTo(Refused.CLIENT_LIMIT);
    assertThat(limit.tryAcquire(BOB)).isEqualTo(Admitted.PERMIT);
  }

  @Test
  void anAddressIsForgottenWithItsLastConnection() {
    ClientLimit limit = ClientLimit.of(2);
    limit.tryAcquire(ALICE);
    limit.tryAcquire(ALICE);
    limit.release(ALICE);
    assertThat(limit.clients()).isEqualTo(1);
    limit.release(ALICE);
    assertThat(limit.clients()).isZero();
    assertThat(limit.tryAcquire(ALICE)).isEqualTo(Admitted.PERMIT);
  }

  @Test
  void theSameAddressMappedIntoIpv6IsTheSameClient() {
    ClientLimit limit = ClientLimit.of(1);
    limit.tryAcquire(ALICE);
    assertThat(limit.tryAcquire(InetAddress.ofLiteral("::ffff:192.0.2.1")))
        .isEqualTo(Refused.CLIENT_LIMIT);
  }

  @Test
  void releasingWhatWasNeverTakenIsAnErrorThatNamesTheAddress() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ClientLimit.of(1).release(ALICE))
        .withMessageContaining("192.0.2.1");
  }

  @Test
  void withoutABoundEveryoneIsAdmittedAndNobodyRemembered() {
    ClientLimit none = ClientLimit.none();
    for (int i = 0; i < 1_000; i++) {
      assertThat(none.tryAcquire(ALICE)).isEqualTo(Admitted.PERMIT);
    }
    none.release(ALICE);
    assertThat(none.clients()).isZero();
  }

  @Test
  void aLimitBelowOneIsRefusedWithItsValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientLimit.of(0))
        .withMessageContaining("0");
  }

  @Test
  void manyThreadsOfOneAddressNeverHoldMoreThanItsLimit() {
    ClientLimit limit = ClientLimit.of(3);
    AtomicInteger held = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int thread = 0; thread < 8; thread++) {
        threads.execute(() -> {
          for (int i = 0; i < 20_000; i++) {
            if (limit.tryAcquire(ALICE) == Admitted.PERMIT) {
              most.accumulateAndGet(held.incrementAndGet(), Math::max);
              held.decrementAndGet();
              limit.release(ALICE);
            }
          }
        });
      }
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(limit.clients()).isZero();
  }
}
