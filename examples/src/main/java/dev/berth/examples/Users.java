package dev.berth.examples;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.server.Server;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import dev.berth.server.handler.StatusException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A JSON API over a router: parameters in paths and queries, bodies of bounded size, and refusals.
 *
 * <pre>
 * curl -i localhost:8080/users -d '{"name": "Ada"}'
 * curl -i localhost:8080/users/1
 * curl -i 'localhost:8080/users?name=Ada'
 * </pre>
 */
public final class Users {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BODY_AT_MOST = 64 * 1024;

  record NewUser(String name) {}

  record User(int id, String name) {}

  private final ConcurrentNavigableMap<Integer, User> users = new ConcurrentSkipListMap<>();
  private final AtomicInteger ids = new AtomicInteger();

  private Users() {}

  static Server start(int port) throws IOException {
    Users users = new Users();
    Router router =
        Router.builder()
            .get("/users", users::list)
            .post("/users", users::add)
            .get("/users/{id}", users::show)
            .delete("/users/{id}", users::remove)
            .build();
    return Server.builder().listen(new InetSocketAddress(port)).handler(router).start();
  }

  private void list(Request request, Response response) throws IOException {
    Optional<String> name = request.queryParameter("name");
    List<User> found =
        users.values().stream()
            .filter(user -> name.isEmpty() || user.name().equals(name.get()))
            .toList();
    response.json(JSON.writeValueAsString(found));
  }

  private void add(Request request, Response response) throws IOException {
    User user = new User(ids.incrementAndGet(), read(request).name());
    users.put(user.id(), user);
    response
        .status(201)
        .header("Location", "/users/" + user.id())
        .json(JSON.writeValueAsString(user));
  }

  private static NewUser read(Request request) throws IOException {
    try {
      NewUser user = JSON.readValue(request.body(BODY_AT_MOST), NewUser.class);
      if (user != null && user.name() != null) {
        return user;
      }
    } catch (JacksonException malformed) {
      // As is one without a name.
    }
    throw new StatusException(400, "a user is {\"name\": \"…\"}");
  }

  private void show(Request request, Response response) throws IOException {
    response.json(JSON.writeValueAsString(user(request)));
  }

  private void remove(Request request, Response response) {
    users.remove(user(request).id());
    response.status(204);
  }

  private User user(Request request) {
    String id = request.parameter("id");
    User user = id.matches("\\d{1,9}") ? users.get(Integer.parseInt(id)) : null;
    if (user == null) {
      throw new StatusException(404, "no user " + id);
    }
    return user;
  }

  public static void main(String[] arguments) throws IOException {
    start(8080);
  }
}
