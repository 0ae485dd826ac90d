package dev.berth.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.berth.server.Server;
import dev.berth.server.TestServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket.Listener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others have written: Java's own, and those that are installed. */
final class ClientsIT {
  private static final String IN_PYTHON =
      """
      import asyncio, sys
      from websockets.asyncio.client import connect
      from websockets.exceptions import ConnectionClosed

      async def main(url):
          async with connect(url, subprotocols=["other", "echo"], max_size=None) as socket:
              assert socket.subprotocol == "echo", socket.subprotocol
              for text in ["", "hello", "gr\\u00fc\\u00df \\U00010000", "x" * 60000]:
                  await socket.send(text)
                  assert await socket.recv() == text
              for data in [b"", bytes(range(256)) * 200]:
                  await socket.send(data)
                  assert await socket.recv() == data
              await socket.send(["frag", "men", "", "ted"])
              assert await socket.recv() == "fragmented"
              await asyncio.wait_for(await socket.ping(b"there?"), 10)
          assert socket.close_code == 1000, socket.close_code
          async with connect(url) as socket:
              await socket.send("x" * 70000)
              try:
                  await socket.recv()
                  assert False
              except ConnectionClosed as closed:
                  assert closed.rcvd.code == 1009, closed
          print("all well")

      asyncio.run(main(sys.argv[1]))
      """;
  private static final String IN_NODE =
      """
      const {createRequire} = require("module");
      const WebSocket = globalThis.WebSocket ?? createRequire(process.cwd() + "/")("ws");
      const socket = new WebSocket(process.argv[1], ["other", "echo"]);
      const sent = ["", "hello", "grüß \\u{10000}", "x".repeat(60000)];
      const fail = what => { console.log("failed: " + what); process.exit(1); };
      let heard = 0;
      socket.onopen = () => { if (socket.protocol !== "echo") fail("protocol"); sent.forEach(text => socket.send(text)); };
      socket.onmessage = event => {
        if (event.data !== sent[heard++]) fail("message " + heard);
        if (heard === sent.length) socket.close(4000, "enough");
      };
      socket.onerror = event => fail(event.message);
      socket.onclose = event => console.log(heard === 4 && event.code === 4000 ? "all well" : "failed: " + event.code);
      """;

  @TempDir Path folder;

  private static Server echoing() throws Exception {
    return TestServers.builder()
        .handler(WebSockets.DEFAULT.withSubprotocols("echo").handler(Frames::echo))
        .start();
  }

  private static String url(Server server) {
    return "ws://127.0.0.1:" + server.address().getPort() + "/";
  }

  private static boolean runs(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (java.io.IOException absent) {
      return false;
    }
  }

  private String said(String... command) throws Exception {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("ends: %s", command[0]).isTrue();
      return Files.readString(said);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void pythonsWebsockets() throws Exception {
    assumeThat(runs("python3", "-c", "import websockets.asyncio.client"))
        .as("python3 with the package websockets, 13 or newer, is not installed here")
        .isTrue();
    try (Server server = echoing()) {
      assertThat(said("python3", "-c", IN_PYTHON, url(server))).isEqualTo("all well\n");
    }
  }

  @Test
  void nodesWebSocketOrTheModuleWs() throws Exception {
    assumeThat(runs("node", "-e", "globalThis.WebSocket ?? require('ws')"))
        .as("node 22, or an older one with the module ws, is not installed here")
        .isTrue();
    try (Server server = echoing()) {
      assertThat(said("node", "-e", IN_NODE, url(server))).isEqualTo("all well\n");
    }
  }

  /** Keeps what Java's client hears. */
  private static final class Heard implements Listener {
    private final BlockingQueue<String> all = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(
        java.net.http.WebSocket socket, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        all.add("text " + parts);
        parts.setLength(0);
      }
      return Listener.super.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onBinary(
        java.net.http.WebSocket socket, ByteBuffer data, boolean last) {
      all.add("binary " + data.remaining());
      return Listener.super.onBinary(socket, data, last);
    }

    @Override
    public CompletionStage<?> onPong(java.net.http.WebSocket socket, ByteBuffer message) {
      all.add("pong " + StandardCharsets.US_ASCII.decode(message));
      return Listener.super.onPong(socket, message);
    }

    @Override
    public CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
      all.add("close " + code);
      return Listener.super.onClose(socket, code, reason);
    }

    String next() throws InterruptedException {
      return String.valueOf(all.poll(20, TimeUnit.SECONDS));
    }
  }

  private static java.net.http.WebSocket connect(HttpClient client, Server server, Heard heard) {
    return client
        .newWebSocketBuilder()
        .subprotocols("other", "echo")
        .buildAsync(URI.create(url(server)), heard)
        .join();
  }

  @Test
  void javasHttpClient() throws Exception {
    Heard heard = new Heard();
    try (Server server = echoing();
        HttpClient client = HttpClient.newHttpClient()) {
      java.net.http.WebSocket socket = connect(client, server, heard);
      assertThat(socket.getSubprotocol()).isEqualTo("echo");
      socket.sendText("frag", false).thenCompose(sent -> sent.sendText("mented", true)).join();
      assertThat(heard.next()).isEqualTo("text fragmented");
      socket.sendBinary(ByteBuffer.allocate(200), true).join();
      assertThat(heard.next()).isEqualTo("binary 200");
      socket.sendPing(ByteBuffer.wrap(new byte[] {'?'})).join();
      assertThat(heard.next()).isEqualTo("pong ?");
      socket.sendClose(4000, "enough").join();
      assertThat(heard.next()).isEqualTo("close 4000");
    }
  }

  @Test
  void javasHttpClientIsToldOfTheEnd() throws Exception {
    Heard heard = new Heard();
    try (HttpClient client = HttpClient.newHttpClient()) {
      try (Server server = echoing()) {
        java.net.http.WebSocket socket = connect(client, server, heard);
        socket.sendText("there?", true).join();
        assertThat(heard.next()).isEqualTo("text there?");
      }
      assertThat(heard.next()).isEqualTo("close 1001");
    }
  }
}
