/** Tests of the configuration; every test on its own thread. */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
