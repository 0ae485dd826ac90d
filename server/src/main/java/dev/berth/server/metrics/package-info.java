/**
 * What the server tells of itself to whoever scrapes it: the figures that the operator and the
 * dashboards are built on.
 */
@NullMarked
package dev.berth.server.metrics;

import org.jspecify.annotations.NullMarked;
