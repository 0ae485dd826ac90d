package dev.berth.server.fuzz;

import dev.berth.server.http1.Conversation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One request as a handler got it, its content read to the end. */
record Heard(String method, String path, Optional<String> query, String content) {

  /** The requests that were heard on a connection, and whether it ended with a refusal. */
  record Requests(List<Heard> requests, boolean refused) {

    /** Sends those pieces, and has each request's content read in that way. */
    static Requests of(List<String> pieces, Reading reading) throws Exception {
      List<Heard> heard = new ArrayList<>();
      String answer =
          Conversation.of(
                  (request, response) -> {
                    String content =
                        new String(reading.all(request.body()), StandardCharsets.ISO_8859_1);
                    heard.add(
                        new Heard(request.method(), request.path(), request.query(), content));
                  },
                  pieces)
              .answer();
      return new Requests(heard, answer.contains("HTTP/1.1 4") || answer.contains("HTTP/1.1 5"));
    }
  }
}
