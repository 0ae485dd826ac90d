/**
 * How many connections are served at once: the bound itself and who is admitted under it, the bound
 * of one client, where the bound comes from (the pod's annotations, projected into a file), and the
 * bound derived from memory until someone tells it better. Knows neither sockets nor metrics.
 */
@NullMarked
package dev.berth.server.limit;

import org.jspecify.annotations.NullMarked;
