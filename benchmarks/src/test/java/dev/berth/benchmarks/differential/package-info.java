/** What Berth accepts, its peers frame alike; and that it would show if they didn't. */
@NullMarked
package dev.berth.benchmarks.differential;

import org.jspecify.annotations.NullMarked;
