package dev.berth.server.handler;

import java.io.IOException;

/**
 * An upgrade to a protocol that has a goodbye, and a question whether the other side is there: the
 * server has them said when it is time. Each is called on a thread of its own, at any time while
 * {@link #converse} runs, and may wait for the client to take it.
 */
public interface AttendedUpgrade extends Upgrade {
  /**
   * Says goodbye: the server drains, has more connections than it may, or has one that is too old
   * or no longer there. What says it then closes the stream, which bounds the wait for the client's
   * own goodbye. Called at most once; the input does not end, unless this fails.
   */
  void goodbye() throws IOException;

  /**
   * Asks the client for a sign of life: it has sent nothing for half of the idle timeout. If it
   * still has not after the other half, the connection ends as idle.
   */
  void ping() throws IOException;
}
