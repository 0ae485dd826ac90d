package dev.berth.examples;

import dev.berth.server.Server;
import dev.berth.server.admin.AdminPaths;
import dev.berth.server.admin.PodOrders;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.LimitFile;
import dev.berth.server.limit.Rotation;
import dev.berth.server.memory.ContainerMemory;
import dev.berth.server.memory.FullCollections;
import dev.berth.server.memory.LiveMemory;
import dev.berth.server.memory.PinnedBytes;
import dev.berth.server.metrics.Exposition;
import dev.berth.server.metrics.ServerGauges;
import dev.berth.server.metrics.ServerMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * A server of one's own that the operator governs, as it does the command line's: it tells its
 * connections and its memory on an admin port, and follows the limit, the drain and the leave to go
 * out of rotation that the operator writes on its pod. The Deployment is that of
 * deploy/samples/server.yaml, but for the image and its arguments.
 */
public final class Governed implements AutoCloseable {
  private static final int UNTIL_TOLD = 1_000;

  private final Server server;
  private final Server admin;
  private final LimitFile file;
  private final FullCollections collections;

  private Governed(int port, int adminPort, Path annotations) throws IOException {
    Exposition exposition = new Exposition();
    ServerMetrics metrics = new ServerMetrics(exposition.registry());
    server =
        Server.builder()
            .listen(new InetSocketAddress(port))
            .handler((request, response) -> response.text("hello\n"))
            .limit(ConnectionLimit.of(UNTIL_TOLD))
            .events(metrics)
            .start();

    Rotation rotation = Rotation.of(server.limit());
    LiveMemory live = LiveMemory.of(PinnedBytes.each(0));
    ServerGauges gauges =
        new ServerGauges(
            exposition.registry(), server, rotation, ContainerMemory.ofThisProcess(), live);
    exposition.beforeScrape(gauges::look);
    // Without the collections that this asks for, garbage would look like connections' cost.
    collections = FullCollections.watch(server.connections()::count, metrics::requestsServed, live);

    admin =
        Server.builder()
            .listen(new InetSocketAddress(adminPort))
            .handler(AdminPaths.of(server, rotation, exposition, false, gauges::generation))
            // It lives on the descriptors that the other keeps back.
            .spareDescriptors(0)
            .start();
    file =
        LimitFile.follow(
            annotations,
            new PodOrders(server, rotation, gauges::generation),
            metrics::limitFileUnusable);
  }

  /**
   * Serves on the one port, and tells of it on the other.
   *
   * @param annotations the downward API's file with the pod's annotations
   */
  static Governed start(int port, int adminPort, Path annotations) throws IOException {
    return new Governed(port, adminPort, annotations);
  }

  Server server() {
    return server;
  }

  Server admin() {
    return admin;
  }

  /** Drains and ends, the admin port last, so that it can tell how far the drain is. */
  @Override
  public void close() {
    collections.close();
    server.close();
    file.close();
    admin.stop();
  }

  public static void main(String[] arguments) throws IOException {
    Governed governed = start(8080, 9090, Path.of("/etc/berth/annotations"));
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(governed::close));
  }
}
