package dev.berth.server.admin;

import dev.berth.server.Server;
import dev.berth.server.connection.Drain;
import dev.berth.server.limit.PodAnnotations;
import dev.berth.server.limit.Rotation;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Carries out what the pod's annotations say: moves the limit, lets the server leave rotation while
 * it is full, and begins or undoes the drain. Called by one thread at a time, the limit file's.
 */
public final class PodOrders implements Consumer<PodAnnotations> {
  private static final Logger LOG = System.getLogger(PodOrders.class.getName());

  private final Server server;
  private final Rotation rotation;
  private final LongConsumer generations;
  private boolean draining;

  /**
   * Carries orders out on that server.
   *
   * @param generations told the policy generation of the limit in force, 0 once no policy says one
   */
  public PodOrders(Server server, Rotation rotation, LongConsumer generations) {
    this.server = server;
    this.rotation = rotation;
    this.generations = generations;
  }

  @Override
  public void accept(PodAnnotations annotations) {
    annotations.limit().ifPresent(limit -> move(limit, annotations.generation().orElse(0)));
    annotations.generation().ifPresent(generations);
    rotation.mayLeave(annotations.mayLeave());
    drain(annotations.draining().orElse(draining));
  }

  private void drain(boolean asked) {
    if (asked != draining) {
      draining = asked;
      if (draining) {
        LOG.log(Level.INFO, "draining, as the pod's annotation asks for");
        server.drain().begin(Drain.Cause.ANNOTATION);
      } else {
        LOG.log(Level.INFO, "no longer draining: the pod's annotation is gone");
        server.drain().undo(Drain.Cause.ANNOTATION);
      }
    }
  }

  private void move(int limit, long generation) {
    int before = server.limit().limit();
    server.limit().move(limit);
    int inForce = server.limit().limit();
    if (limit != before || inForce != limit) {
      LOG.log(
          Level.INFO,
          "limit "
              + limit
              + ", from the pod's annotation (policy generation "
              + generation
              + "); was "
              + before
              + (inForce == limit ? "" : "; the heap holds no more than " + inForce + " for now"));
    }
  }
}
