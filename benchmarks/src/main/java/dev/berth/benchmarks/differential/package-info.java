/**
 * The same bytes to Berth and to other servers, to see that none of them reads a request in what
 * Berth accepts that Berth doesn't. What is compared is the framing: method, target and content of
 * each request that a server found on the connection, and how many there were.
 */
@NullMarked
package dev.berth.benchmarks.differential;

import org.jspecify.annotations.NullMarked;
