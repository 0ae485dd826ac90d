package dev.berth.server.connection;

import dev.berth.server.limit.Admission.Refused;

/**
 * What happens to connections, told as it happens, on the thread it happens on: to be taken note of
 * in a few instructions, by code that is safe for any number of threads. What it throws is logged
 * the first time, and otherwise ignored.
 */
public interface ConnectionEvents {
  /** Nobody listens. */
  ConnectionEvents UNHEARD = new ConnectionEvents() {};

  /** A connection got its permit. */
  default void accepted() {}

  /** A connection got none. */
  default void rejected(Refused reason) {}

  /**
   * A response is complete, or as much of it as there is; not told where none was begun.
   *
   * @param minorVersion 0 or 1, of HTTP/1
   * @param status its status
   * @param nanos the time since the request's head was complete
   */
  default void responded(int minorVersion, int status, long nanos) {}

  /** The heap had no room for what a request, or a connection, needed. */
  default void outOfMemory() {}

  /**
   * A connection ended and its permit is free again.
   *
   * @param requests how many it was used for
   * @param nanos the time since it was accepted
   */
  default void closed(CloseReason reason, int requests, long nanos) {}
}
