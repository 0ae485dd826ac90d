package dev.berth.operator.command;

/** The operator's command. */
public final class BerthOperator {
  private BerthOperator() {}

  public static void main(String[] arguments) {}
}
