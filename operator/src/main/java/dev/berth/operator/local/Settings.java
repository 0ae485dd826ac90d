package dev.berth.operator.local;

import dev.berth.operator.decide.Bytes;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What a local run is to be.
 *
 * @param listen where the fleet serves; port 0 for one that is free
 * @param console where its page is; port 0 likewise
 * @param memory bytes that a process may use
 * @param connectionCost bytes that each connection is made to hold, 0 for none
 * @param wave the wave of connections to put on it, if any
 * @param interval from one round to the next
 */
public record Settings(
    InetSocketAddress listen,
    InetSocketAddress console,
    long memory,
    long connectionCost,
    Optional<WaveShape> wave,
    Duration interval) {

  /** What a reader has to know of it: where, and with what. */
  String header(InetSocketAddress serving, InetSocketAddress page) {
    return "berth local · http://%s · console http://%s · %s a process%s"
        .formatted(
            text(serving),
            text(page),
            Bytes.of(memory),
            connectionCost == 0
                ? ""
                : " · each connection is made to hold " + Bytes.of(connectionCost));
  }

  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
