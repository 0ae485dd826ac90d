/**
 * Berth on one machine, from its executable jar: what it shows in a browser, and each expression of
 * the dashboards and alerts asked of a real Prometheus that scrapes it; and its chart as Helm
 * renders it.
 */
@NullMarked
package dev.berth.e2e.local;

import org.jspecify.annotations.NullMarked;
