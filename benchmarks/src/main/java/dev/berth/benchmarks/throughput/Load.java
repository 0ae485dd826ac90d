package dev.berth.benchmarks.throughput;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of wrk: a thread, 64 connections, for some seconds. */
final class Load {
  private static final int CONNECTIONS = 64;
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");
  private static final Pattern ERRORS =
      Pattern.compile("Socket errors:.*|Non-2xx or 3xx responses: \\d+");

  private Load() {}

  /**
   * What a run came to.
   *
   * @param rate requests answered in a second
   * @param p99Millis the time within which 99 of 100 were answered
   * @param errors in wrk's words; empty if there were none
   */
  record Result(double rate, double p99Millis, String errors) {}

  static Result run(InetSocketAddress address, Script script, int seconds)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "--latency"));
    Path lua = Files.createTempFile("wrk", ".lua");
    Files.writeString(lua, script.lua());
    command.addAll(List.of("-s", lua.toString()));
    command.add("http://127.0.0.1:" + address.getPort() + "/");
    Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    wrk.waitFor();
    Files.delete(lua);
    return parse(output);
  }

  private static Result parse(String output) {
    Matcher rate = RATE.matcher(output);
    Matcher p99 = P99.matcher(output);
    if (!rate.find() || !p99.find()) {
      throw new IllegalStateException("wrk said: " + output);
    }
    double unit =
        switch (p99.group(2)) {
          case "us" -> 0.001;
          case "ms" -> 1;
          default -> 1000;
        };
    Matcher errors = ERRORS.matcher(output);
    return new Result(
        Double.parseDouble(rate.group(1)),
        Double.parseDouble(p99.group(1)) * unit,
        errors.find() ? errors.group().strip() : "");
  }
}
