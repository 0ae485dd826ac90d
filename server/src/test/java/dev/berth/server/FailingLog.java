package dev.berth.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log of a package, failing at whatever it is told until this is closed. */
public final class FailingLog extends Handler implements AutoCloseable {
  private final Logger logger;
  private final String whose;
  private final AtomicInteger told = new AtomicInteger();

  /** Fails for all classes of that one's package, and counts what that one says. */
  public FailingLog(Class<?> who) {
    this.whose = who.getName();
    this.logger = Logger.getLogger(who.getPackageName());
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  /** How often that class has tried to say something. */
  public int told() {
    return told.get();
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLoggerName().equals(whose)) {
      told.incrementAndGet();
    }
    throw new IllegalStateException("on purpose, as for " + record.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
