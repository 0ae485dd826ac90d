package dev.berth.benchmarks.differential;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How a server took what it was sent: the requests it heard, in order, and how it ended. */
record Account(List<Heard> heard, Ending ending) {
  private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] ([2-5]\\d\\d)");
  private static final Pattern CLOSE =
      Pattern.compile("\r\nConnection: close\r\n", Pattern.CASE_INSENSITIVE);

  /** What became of the connection after the last request that was heard. */
  enum Ending {
    /** The server said no to what followed, or closed without being asked to. */
    REFUSED,
    /** The server said with its last response that it would close. */
    ANNOUNCED,
    /** The server ended when the client had. */
    SILENT,
    /** The server had not ended, and wanted more, when the client's patience was over. */
    WAITING,
    /** A proxy could not reach what is behind it: that says nothing. */
    FAILED
  }

  /** Reads it off a server's responses. */
  static Account of(String responses, Ending otherwise) {
    List<MatchResult> statuses = STATUS.matcher(responses).results().toList();
    Ending ending = otherwise;
    if (!statuses.isEmpty()) {
      int status = Integer.parseInt(statuses.getLast().group(1));
      if (status >= 502 && status <= 504) {
        ending = Ending.FAILED;
      } else if (status >= 300) {
        ending = Ending.REFUSED;
      } else if (CLOSE.matcher(responses.substring(statuses.getLast().start())).find()) {
        ending = Ending.ANNOUNCED;
      }
    }
    return new Account(Heard.toldBy(responses), ending);
  }
}
