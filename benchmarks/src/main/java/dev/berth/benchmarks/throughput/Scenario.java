package dev.berth.benchmarks.throughput;

import dev.berth.benchmarks.peer.Peer;
import dev.berth.benchmarks.peer.Service;
import java.util.List;
import java.util.stream.Stream;

/** One way to use a server: what is asked, over how many connections, and of whom. */
enum Scenario {
  HELLO_ONE_PROCESSOR("hello world, one carrier or loop", Service.HELLO, 1, Script.GET, 0),
  HELLO("hello world, two carriers or loops", Service.HELLO, 2, Script.GET, 0),
  PIPELINED("hello world, 16 requests in a write", Service.HELLO, 2, Script.PIPELINED, 0),
  SMALL_BODIES("256 bytes there and back", Service.ECHO, 2, Script.POST_256, 0),
  LARGE_BODIES("64 KiB there and back", Service.ECHO, 2, Script.POST_65536, 0),
  MANY_IDLE("hello world on 64 of 10,000 connections", Service.HELLO, 2, Script.GET, 9_936),
  CONNECTION_EACH("a new connection for each request", Service.HELLO, 2, Script.CLOSE, 0);

  final String title;
  final Service service;
  final int processors;
  final Script script;
  final int idle;

  /**
   * @param idle how many connections are open besides the 64 that ask
   */
  Scenario(String title, Service service, int processors, Script script, int idle) {
    this.title = title;
    this.service = service;
    this.processors = processors;
    this.script = script;
    this.idle = idle;
  }

  /** Whom Berth is measured beside. The raw loop can only answer hello to one request a read. */
  List<Peer> peers() {
    return switch (this) {
      case HELLO, HELLO_ONE_PROCESSOR -> List.of(Peer.values());
      default -> Stream.of(Peer.values()).filter(peer -> peer != Peer.RAW_LOOP).toList();
    };
  }
}
