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
 * slow to read keeps nobody waiting; one whose queue is full has to leave (1008). When the server
 * ends, all are told (1001).
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
    Member member = new Member(socket);
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

  private static final class Member {
    private final WebSocket socket;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(WAITING_AT_MOST);
    private volatile boolean tooSlow;

    Member(WebSocket socket) {
      this.socket = socket;
    }

    void hear(String said) {
      if (!waiting.offer(said)) {
        // To close it here would be to wait for what is being sent.
        tooSlow = true;
      }
    }

    void sendWhatWaits() {
      try {
        while (!tooSlow) {
          socket.send(waiting.take());
        }
        socket.close(CloseCode.POLICY_VIOLATION, "too slow");
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
