/**
 * The table of settings ({@link dev.holdfast.config.load.Settings}) and what is made from it: reading XML, YAML,
 * environment variables and system properties, validation, the printed forms, the schema and the documentation.
 *
 * <p>Not for applications: they use {@link dev.holdfast.config.Config}. No thread lives here, everything runs on the
 * caller's thread.
 */
@NullMarked
package dev.holdfast.config.load;

import org.jspecify.annotations.NullMarked;
