package dev.berth.benchmarks.calm;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What slowhttptest does slowly. */
enum SlowMode {
  /** Slowloris: a header now and then, and never the last. */
  HEADERS("-H -x 24"),
  /** A body of which a few bytes come now and then. */
  BODY("-B -s 8192 -x 10"),
  /** Ranges that overlap, as many as the head holds. */
  RANGE("-R -a 10 -b 3000"),
  /** Answers to 64 requests, read through a window of some bytes. */
  READ("-X -k 64 -w 10 -y 20 -n 5 -z 32");

  private final String options;

  SlowMode(String options) {
    this.options = options;
  }

  /**
   * What starts it, with a piece of each connection's each {@code interval} seconds; its report
   * goes to files in {@code folder} whose names begin with its own.
   */
  List<String> command(
      InetSocketAddress server, int connections, int seconds, int interval, Path folder) {
    List<String> command = new ArrayList<>(List.of("slowhttptest"));
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("-c", Integer.toString(connections), "-l", Integer.toString(seconds)));
    command.addAll(
        List.of("-i", Integer.toString(interval), "-r", "2000", "-p", "3", "-v", "1", "-g"));
    command.addAll(List.of("-o", folder.resolve(title()).toString()));
    command.addAll(List.of("-u", "http://127.0.0.1:" + server.getPort() + "/"));
    return command;
  }

  /** Its name in tables and files. */
  String title() {
    return "slow-" + name().toLowerCase(Locale.ROOT);
  }
}
