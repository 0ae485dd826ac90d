package dev.berth.server.proxy;

/** A field of a message's head. */
record Field(String name, String value) {
  boolean is(String otherName) {
    return name.equalsIgnoreCase(otherName);
  }
}
