package dev.berth.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.berth.server.http1.Conversation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which handler a request gets to, and what it sees. */
final class RouterTest {
  private static Handler says(String word) {
    return (request, response) -> response.text(word);
  }

  private static Handler tells(String... parameters) {
    return (request, response) -> {
      StringBuilder told = new StringBuilder(request.path());
      for (String name : parameters) {
        told.append(' ').append(name).append('=').append(request.parameter(name));
      }
      response.text(told.toString());
    };
  }

  private static String answer(Router router, String method, String path) throws Exception {
    String request = method + " " + path + " HTTP/1.1\r\nHost: berth\r\n\r\n";
    return Conversation.of(router, request).answer();
  }

  private static String content(Router router, String path) throws Exception {
    String answer = answer(router, "GET", path);
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  // Answers are shown in Latin-1, as they are on the wire.
  private static String utf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static Router of(String... patterns) {
    Router.Builder builder = Router.builder();
    for (String pattern : patterns) {
      builder.get(pattern, says(pattern));
    }
    return builder.build();
  }

  @ParameterizedTest
  @CsvSource({
    "/users/new, /users/new",
    "/users/7, /users/{id}",
    "/users/7/posts, /users/{id}/posts",
    "/users/7/likes, /users/{path...}",
    "/users/, /users/{path...}",
    "/users/new/likes, /users/{path...}",
    "/users, /{path...}",
    "/, /{path...}",
  })
  void prefersTheLiteralThenTheParameterThenTheRest(String path, String pattern) throws Exception {
    Router router =
        of(
            "/{path...}",
            "/users/{path...}",
            "/users/{id}/posts",
            "/users/{id}",
            "/users/new",
            "/users/new/all");
    assertThat(content(router, path)).isEqualTo(pattern);
  }

  @Test
  void goesBackWhereALiteralLeadsNowhere() throws Exception {
    assertThat(content(of("/a/b/c", "/{x}/b/d"), "/a/b/d")).isEqualTo("/{x}/b/d");
  }

  @Test
  void passesOverAPatternWithoutTheMethod() throws Exception {
    Router router =
        Router.builder()
            .post("/files/upload", says("upload"))
            .get("/files/{path...}", says("download"))
            .build();
    assertThat(content(router, "/files/upload")).isEqualTo("download");
    assertThat(answer(router, "POST", "/files/upload")).endsWith("upload");
  }

  @ParameterizedTest
  @CsvSource({
    "/users/7, 7",
    "/users/a%20b+c, a b+c",
    "/users/%C3%A9%e2%82%ac, é€",
    "/users/a%2Fb, a/b",
    "/users/.well-known, .well-known",
    "/users/..., ...",
    "/%75sers/7, 7",
  })
  void givesParametersDecoded(String path, String value) throws Exception {
    Router router =
        Router.builder()
            .get(
                "/users/{id}",
                (request, response) ->
                    response.body(request.parameter("id").getBytes(StandardCharsets.UTF_8)))
            .build();
    assertThat(utf8(content(router, path))).isEqualTo(value);
  }

  @Test
  void givesTheRestWithItsSlashes() throws Exception {
    Router router = Router.builder().get("/files/{path...}", tells("path")).build();
    assertThat(content(router, "/files/a/b%20c/")).isEqualTo("/files/a/b%20c/ path=a/b c/");
    assertThat(content(router, "/files/")).isEqualTo("/files/ path=");
  }

  @Property
  void givesAnyTextBackAsItWas(@ForAll @NotBlank String text) throws Exception {
    Assume.that(StandardCharsets.UTF_8.newEncoder().canEncode(text));
    Assume.that(text.chars().noneMatch(Character::isISOControl));
    Assume.that(!text.matches("(?s)(.*/)?\\.\\.?(/.*)?"));
    Router router =
        Router.builder()
            .get(
                "/{text}",
                (request, response) ->
                    response.body(request.parameter("text").getBytes(StandardCharsets.UTF_8)))
            .build();
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    assertThat(utf8(content(router, "/" + encoded))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/users/%C3",
        "/users/%c0%af",
        "/users/%ed%a0%80",
        "/users/..",
        "/users/.",
        "/users/%2e%2E",
        "/users/a%2f..%2fb",
        "/../users/7",
        "/%C3/7"
      })
  void refusesMalformedPaths(String path) {
    Router router = of("/users/{id}", "/{path...}");
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> answer(router, "GET", path))
        .matches(refusal -> refusal.status() == 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/users", "/users/7/", "/users/", "/users//", "/USERS/7", "/"})
  void knowsNoOtherPaths(String path) throws Exception {
    assertThat(answer(of("/users/{id}"), "GET", path))
        .startsWith("HTTP/1.1 404 Not Found\r\n")
        .endsWith("nothing at " + path + "\n");
  }

  @Test
  void refusesOtherMethodsWithThoseAllowed() throws Exception {
    Router router =
        Router.builder().get("/{a}", says("")).put("/x", says("")).delete("/x", says("")).build();
    assertThat(answer(router, "POST", "/x"))
        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
        .contains("\r\nAllow: DELETE, GET, HEAD, OPTIONS, PUT\r\n");
  }

  @Test
  void methodsHaveCase() throws Exception {
    assertThat(answer(of("/"), "get", "/")).startsWith("HTTP/1.1 501 ");
  }

  @Test
  void answersHeadByTheHandlerOfGet() throws Exception {
    assertThat(answer(of("/users/{id}"), "HEAD", "/users/7"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("\r\nContent-Length: 11\r\n\r\n");
  }

  @Test
  void prefersAHandlerOfHead() throws Exception {
    Router router =
        Router.builder()
            .get("/", says("get"))
            .route("HEAD", "/", (request, response) -> response.header("X-Is", "head"))
            .build();
    assertThat(answer(router, "HEAD", "/")).contains("\r\nX-Is: head\r\n");
  }

  @Test
  void answersOptionsWithThoseAllowed() throws Exception {
    assertThat(answer(of("/users/{id}"), "OPTIONS", "/users/7"))
        .startsWith("HTTP/1.1 204 No Content\r\n")
        .endsWith("\r\nAllow: GET, HEAD, OPTIONS\r\n\r\n");
  }

  @Test
  void answersOptionsOfTheWholeServer() throws Exception {
    Router router = Router.builder().get("/", says("")).post("/{a}/b", says("")).build();
    assertThat(answer(router, "OPTIONS", "*"))
        .startsWith("HTTP/1.1 204 No Content\r\n")
        .contains("\r\nAllow: GET, HEAD, OPTIONS, POST\r\n");
  }

  @Test
  void prefersAHandlerOfOptions() throws Exception {
    Router router = Router.builder().route("OPTIONS", "/", says("mine")).build();
    assertThat(answer(router, "OPTIONS", "/")).endsWith("mine");
  }

  @ParameterizedTest
  @CsvSource({
    "/admin, /",
    "/admin/, /",
    "/admin/a/b%20c, /a/b%20c",
    "/admin/health, own",
    "/administration, none",
  })
  void mountsAHandlerUnderAPrefix(String path, String told) throws Exception {
    Router router =
        Router.builder()
            .mount("/admin", tells())
            .get("/admin/health", says("own"))
            .fallback(says("none"))
            .build();
    assertThat(content(router, path)).isEqualTo(told);
  }

  @Test
  void mountedRoutersSeeParametersOfTheirPrefix() throws Exception {
    Router users = Router.builder().get("/users/{id}", tells("tenant", "id")).build();
    Router router = Router.builder().mount("/tenants/{tenant}", users).build();
    assertThat(content(router, "/tenants/acme/users/7")).isEqualTo("/users/7 tenant=acme id=7");
  }

  private static Router sharingUsers(Handler users) {
    return Router.builder()
        .get("/users/{id}", says("outer"))
        .route("PURGE", "/cache", says("purged"))
        .mount("/users", users)
        .delete("/{folder}/{file}", says("never for users"))
        .build();
  }

  private static Router users() {
    return Router.builder()
        .put("/{id}", says("inner"))
        .route("MERGE", "/all/of/them", says("merged"))
        .build();
  }

  @Test
  void allowsWhatRoutesAndAMountedRouterTakeOfOnePath() throws Exception {
    Router router = sharingUsers(users());
    assertThat(answer(router, "POST", "/users/7"))
        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
        .contains("\r\nAllow: GET, HEAD, OPTIONS, PUT\r\n");
    assertThat(answer(router, "OPTIONS", "/users/7"))
        .startsWith("HTTP/1.1 204 No Content\r\n")
        .contains("\r\nAllow: GET, HEAD, OPTIONS, PUT\r\n");
  }

  @Test
  void allowsWhatRoutesTakeOfAPathThatAMountedRouterDoesNotKnow() throws Exception {
    Router router = sharingUsers(Router.builder().put("/new/one", says("")).build());
    assertThat(answer(router, "POST", "/users/7"))
        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
        .contains("\r\nAllow: GET, HEAD, OPTIONS\r\n");
    assertThat(answer(router, "GET", "/users/7/posts")).startsWith("HTTP/1.1 404 Not Found\r\n");
  }

  @Test
  void allowsTheSameWhenSomethingIsDoneAroundAMountedRouter() throws Exception {
    Router users = users();
    Handler around = (request, response) -> users.handle(request, response);
    assertThat(answer(sharingUsers(around), "POST", "/users/7"))
        .contains("\r\nAllow: GET, HEAD, OPTIONS, PUT\r\n");
  }

  @Test
  void allowsTheSameWhenARouterIsMountedForAllPathsAndInAnother() throws Exception {
    Router router =
        Router.builder()
            .post("/users/{id}", says("outermost"))
            .mount("/", sharingUsers(users()))
            .build();
    assertThat(answer(router, "PATCH", "/users/7"))
        .contains("\r\nAllow: GET, HEAD, OPTIONS, POST, PUT\r\n");
  }

  @Test
  void tellsOptionsOfTheWholeServerWithThoseOfMountedRouters() throws Exception {
    assertThat(answer(sharingUsers(users()), "OPTIONS", "*"))
        .contains("\r\nAllow: DELETE, GET, HEAD, MERGE, OPTIONS, PURGE, PUT\r\n");
  }

  @ParameterizedTest
  @CsvSource({"MERGE, /cache", "PURGE, /users/7", "MERGE, /users/7"})
  void knowsAMethodThatAnyRouterHas(String method, String path) throws Exception {
    assertThat(answer(sharingUsers(users()), method, path)).startsWith("HTTP/1.1 405 ");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /admin/health, 405",
    "OPTIONS, /admin/health, 204",
    "PUT, /health, 405",
  })
  void allowsWhatSeveralRoutersAboveTakeToo(String method, String path, int status)
      throws Exception {
    Router inner = Router.builder().post("/health", says("")).build();
    Router middle = Router.builder().mount("/", inner).delete("/health", says("")).build();
    Router router =
        Router.builder()
            .mount("/", middle)
            .mount("/admin", middle)
            .get("/admin/health", says(""))
            .get("/health", says(""))
            .build();
    assertThat(answer(router, method, path))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("\r\nAllow: DELETE, GET, HEAD, OPTIONS, POST\r\n");
  }

  @Test
  void mountsBeneathEverythingElse() throws Exception {
    Router router = Router.builder().mount("/", tells()).get("/{name}", says("one")).build();
    assertThat(content(router, "/a")).isEqualTo("one");
    assertThat(content(router, "/a/b")).isEqualTo("/a/b");
    assertThat(content(router, "/")).isEqualTo("/");
  }

  @Test
  void asksTheFallbackOnlyForUnknownPaths() throws Exception {
    Router router = Router.builder().get("/a", says("a")).fallback(says("fallback")).build();
    assertThat(content(router, "/b")).isEqualTo("fallback");
    assertThat(answer(router, "PUT", "/a")).startsWith("HTTP/1.1 405 ");
  }

  @Test
  void aParameterThatIsNotThereIsTheProgrammersMistake() {
    Router router = Router.builder().get("/{id}", tells("name")).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> content(router, "/7"))
        .withMessage("the route has no parameter named name");
  }

  @Test
  void aBuilderGoesOnAfterItsRouterWasBuilt() throws Exception {
    Router.Builder builder = Router.builder().get("/a", says("a"));
    Router before = builder.build();
    builder.get("/{b}", says("b"));
    assertThat(answer(before, "GET", "/b")).startsWith("HTTP/1.1 404 ");
    assertThat(content(builder.build(), "/b")).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "users | a path begins with a slash: \"users\"",
        "/a/{id | the path \"/a/{id\" can't be: a parameter is all of a segment, unlike in {id",
        "/{id}.json | the path \"/{id}.json\" can't be: a parameter is all of a segment, unlike in {id}.json",
        "/a{id} | the path \"/a{id}\" can't be: a parameter is all of a segment, unlike in a{id}",
        "/{} | the path \"/{}\" can't be: \"\" is no name such as id",
        "/{7} | the path \"/{7}\" can't be: \"7\" is no name such as id",
        "/{a...}/b | the path \"/{a...}/b\" can't be: {a...} takes all of the path, so it has to be last",
        "/{a}/{a} | the path \"/{a}/{a}\" can't be: two parameters are named a",
        "/a?b | the path \"/a?b\" can't be: a path has neither query nor fragment",
        "/a%20b | the path \"/a%20b\" can't be: it is to be written decoded",
        "/../a | the path \"/../a\" can't be: no client sends ..",
      })
  void refusesMalformedPatterns(String pattern, String sentence) {
    assertThatIllegalArgumentException().isThrownBy(() -> of(pattern)).withMessage(sentence);
  }

  @Test
  void refusesAPatternTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("/users/{id}", "/users/{id}"))
        .withMessage("GET /users/{id} has a handler already");
  }

  @Test
  void refusesTwoPatternsForTheSamePaths() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("/users/{id}", "/users/{name}"))
        .withMessage("GET /users/{name} has a handler already: /users/{id} takes the same paths");
  }

  @Test
  void takesOtherNamesForAnotherMethod() throws Exception {
    Router router =
        Router.builder().get("/{id}", tells("id")).put("/{name}", tells("name")).build();
    assertThat(answer(router, "PUT", "/x")).endsWith("/x name=x");
  }

  @Test
  void refusesToMountTwiceOrBeneathARest() {
    Router.Builder builder = Router.builder().mount("/a", says(""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.mount("/a", says("")))
        .withMessage("something is mounted at /a already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.mount("/b/{rest...}", says("")))
        .withMessageContaining("without {...}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.mount("/b/", says("")))
        .withMessage("a prefix ends without a slash, unlike \"/b/\"");
  }

  @Test
  void refusesASecondFallbackAndMethodsThatCantBeSent() {
    Router.Builder builder = Router.builder().fallback(says(""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.fallback(says("")))
        .withMessage("there is a fallback already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.route("GET /", "/", says("")))
        .withMessage("a method can't be \"GET /\"");
  }
}
