package dev.berth.server.proxy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What a proxy tells of its upstream. */
final class Told implements UpstreamEvents {
  private final List<UpstreamOutcome> outcomes = new CopyOnWriteArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger retried = new AtomicInteger();

  @Override
  public void opened() {
    opened.incrementAndGet();
  }

  @Override
  public void retried() {
    retried.incrementAndGet();
  }

  @Override
  public void done(UpstreamOutcome outcome) {
    outcomes.add(outcome);
  }

  List<UpstreamOutcome> outcomes() {
    return outcomes;
  }

  int openedCount() {
    return opened.get();
  }

  int retriedCount() {
    return retried.get();
  }
}
