/** A surge of connections on a real cluster: made, watched, measured and drawn. */
@NullMarked
package dev.berth.e2e.surge;

import org.jspecify.annotations.NullMarked;
