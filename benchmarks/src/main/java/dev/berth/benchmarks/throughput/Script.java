package dev.berth.benchmarks.throughput;

/** What wrk sends, as the Lua that it takes; nothing for its own plain GET. */
enum Script {
  GET(""),
  PIPELINED(
      """
      init = function(args)
        local r = {}
        for i = 1, 16 do r[i] = wrk.format("GET", "/") end
        requests = table.concat(r)
      end
      request = function() return requests end
      """),
  POST_256(post(256)),
  POST_65536(post(65_536)),
  CLOSE("wrk.headers[\"Connection\"] = \"close\"\n");

  private final String lua;

  Script(String lua) {
    this.lua = lua;
  }

  String lua() {
    return lua;
  }

  private static String post(int bytes) {
    return """
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/octet-stream"
    wrk.body = string.rep("x", %d)
    """
        .formatted(bytes);
  }
}
