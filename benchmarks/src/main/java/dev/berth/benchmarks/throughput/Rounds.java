package dev.berth.benchmarks.throughput;

import picocli.CommandLine.Option;

/** How often and how long each server is measured: options that the commands here share. */
final class Rounds {
  @Option(names = "--rounds", defaultValue = "3", description = "default ${DEFAULT-VALUE}")
  int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "6",
      description = "seconds of load before a measurement; default ${DEFAULT-VALUE}")
  int warmUp;

  @Option(
      names = "--seconds",
      defaultValue = "6",
      description = "of a measurement; default ${DEFAULT-VALUE}")
  int seconds;
}
