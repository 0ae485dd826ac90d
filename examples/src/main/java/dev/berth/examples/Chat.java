package dev.berth.examples;

import dev.berth.server.Server;
import dev.berth.server.handler.Router;
import dev.berth.server.websocket.CloseCode;
import dev.berth.server.websocket.Message;
import dev.berth.server.websocket.WebSocket;
import dev.berth.server.websocket.WebSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A chat room over WebSocket (RFC 6455): what one says, all get. Each member's connection has the
 * thread that receives, and one more that sends what waits in its queue, so that a member who is
 * slow to read keeps nobody waiting. When the server ends, all are told (1001).
 *
 * <pre>
 * python3 -m websockets ws://localhost:8080/chat
 * </pre>
 */
public final class Chat {
  private static final int WAITING_AT_MOST = 100;

  private final Set<Member> members = ConcurrentHashMap.newKeySet();

  private Chat() {}

  static Server start(int port) throws IOException {
    Chat chat = new Chat();
    Router router =
        Router.builder()
            .get("/chat", WebSockets.DEFAULT.withMaxMessageBytes(1_000).handler(chat::join))
            .build();
    return Server.builder().listen(new InetSocketAddress(port)).handler(router).start();
  }

  private void join(WebSocket socket) {
    Member member = new Member(socket, new ArrayBlockingQueue<>(WAITING_AT_MOST));
    Thread sender = Thread.ofVirtual().start(member::sendWhatWaits);
    members.add(member);
    try {
      while (socket.receive() instanceof Message.Text(String said)) {
        members.forEach(other -> other.hear(said));
      }
    } finally {
      members.remove(member);
      sender.interrupt();
    }
  }

  private record Member(WebSocket socket, BlockingQueue<String> waiting) {
    void hear(String said) {
      if (!waiting.offer(said)) {
        socket.close(CloseCode.POLICY_VIOLATION, "too slow");
      }
    }

    void sendWhatWaits() {
      try {
        while (true) {
          socket.send(waiting.take());
        }
      } catch (IOException | InterruptedException over) {
        // The member has left.
      }
    }
  }

  public static void main(String[] arguments) throws IOException {
    Server server = start(8080);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
  }
}
