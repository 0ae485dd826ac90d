/**
 * How a server is told what to do, and shown to those who run it: the admin port's paths, and the
 * pod's annotations.
 */
@NullMarked
package dev.berth.server.admin;

import org.jspecify.annotations.NullMarked;
