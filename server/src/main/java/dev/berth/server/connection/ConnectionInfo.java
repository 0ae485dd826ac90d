package dev.berth.server.connection;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One connection, as seen at one moment from outside.
 *
 * @param id counts connections from 1, in the order they were admitted
 * @param idle how long it has been idle; zero unless it is
 * @param protocol of its last request; empty before the first
 * @param bytesIn read from the client
 * @param bytesOut written to the client
 */
public record ConnectionInfo(
    long id,
    InetSocketAddress peer,
    ConnectionState state,
    String protocol,
    Duration age,
    Duration idle,
    int requests,
    long bytesIn,
    long bytesOut) {}
