package dev.berth.server.connection;

/**
 * How many connections were in each state at one moment.
 *
 * @param fresh have sent nothing yet
 * @param active are at a request
 * @param idle wait for the next one
 * @param hijacked speak another protocol
 */
public record Census(int fresh, int active, int idle, int hijacked) {
  /** How many are in that state; 0 for closed ones, which hold no permit. */
  public int of(ConnectionState state) {
    return switch (state) {
      case NEW -> fresh;
      case ACTIVE -> active;
      case IDLE -> idle;
      case HIJACKED -> hijacked;
      case CLOSED -> 0;
    };
  }

  /** How many there are. */
  public int total() {
    return fresh + active + idle + hijacked;
  }

  /** Counts up to a census. Used by one thread. */
  static final class Tally {
    private int fresh;
    private int active;
    private int idle;
    private int hijacked;

    void count(ConnectionState state) {
      switch (state) {
        case NEW -> fresh++;
        case ACTIVE -> active++;
        case IDLE -> idle++;
        case HIJACKED -> hijacked++;
        case CLOSED -> {}
      }
    }

    Census census() {
      return new Census(fresh, active, idle, hijacked);
    }
  }
}
