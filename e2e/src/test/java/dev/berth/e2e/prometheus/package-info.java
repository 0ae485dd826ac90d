/**
 * What is shown and watched: each expression asked of a real Prometheus that scrapes real servers.
 */
@NullMarked
package dev.berth.e2e.prometheus;

import org.jspecify.annotations.NullMarked;
