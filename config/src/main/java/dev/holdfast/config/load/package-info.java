/**
 * The table of settings ({@link dev.holdfast.config.load.Settings}) and what is made from it: reading XML and YAML,
 * validation, the printed form.
 *
 * <p>Not for applications: they use {@link dev.holdfast.config.Config}. No thread lives here, everything runs on the
 * caller's thread.
 */
@NullMarked
package dev.holdfast.config.load;

import org.jspecify.annotations.NullMarked;
