/**
 * The cluster under test, and what tests put on it: an installed chart, a workload with its policy,
 * clients. All of it is reached through the API server, so that the tests run wherever it does.
 */
@NullMarked
package dev.berth.e2e.cluster;

import org.jspecify.annotations.NullMarked;
