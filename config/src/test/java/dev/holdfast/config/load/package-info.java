/** Tests of the table of settings and the readers; every test on its own thread. */
@NullMarked
package dev.holdfast.config.load;

import org.jspecify.annotations.NullMarked;
