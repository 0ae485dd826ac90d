package dev.berth.benchmarks.peer;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * The JDK's own HttpServer with a virtual thread for each request. Arguments: the port, a number
 * that is the JVM's to heed, hello or echo.
 */
public final class JdkServer {
  private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.US_ASCII);

  private JdkServer() {}

  public static void main(String[] arguments) throws IOException {
    // Otherwise it keeps 200 idle connections and closes the others.
    System.setProperty("sun.net.httpserver.maxIdleConnections", "100000");
    System.setProperty("sun.net.httpserver.idleInterval", "600");
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    HttpServer server = HttpServer.create(address, 4096);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    HttpHandler handler =
        switch (Service.of(arguments[2])) {
          case HELLO ->
              exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "text/plain");
                exchange.sendResponseHeaders(200, HELLO.length);
                exchange.getResponseBody().write(HELLO);
                exchange.close();
              };
          case ECHO ->
              exchange -> {
                byte[] content = exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
                exchange.close();
              };
        };
    server.createContext("/", handler);
    server.start();
  }
}
