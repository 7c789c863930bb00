package dev.holdfast.node.codec;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.storage.log.TaskSpec;
import java.io.InvalidClassException;

/** Puts into words why a stored task can't be read, and what to do about it. */
final class Undecodable {

    private Undecodable() {}

    static UndecodableTaskException because(Throwable e, TaskSpec spec) {
        String type = ": type=" + spec.typeName();
        String again = "; then retry, or discard";
        if (e instanceof ObjectStreams.RefusedByFilterException) {
            return new UndecodableTaskException(ErrorCode.CLASS_NOT_ALLOWED, e.getMessage() + again, e);
        }
        if (e instanceof ClassNotFoundException) {
            return new UndecodableTaskException(
                    ErrorCode.CLASS_MISSING,
                    "class missing: class=" + e.getMessage() + ", type=" + spec.typeName() + ": bring it back" + again,
                    e);
        }
        if (e instanceof InvalidClassException) {
            return new UndecodableTaskException(
                    ErrorCode.CLASS_INCOMPATIBLE,
                    "class does not fit what was stored: " + e.getMessage() + ", type=" + spec.typeName()
                            + ": bring the former class back, or declare its serialVersionUID" + again,
                    e);
        }
        if (e instanceof LinkageError) {
            Throwable root = e.getCause() == null ? e : e.getCause();
            return new UndecodableTaskException(
                    ErrorCode.CLASS_NOT_INITIALISED,
                    "class does not load or initialise" + type + ", problem=" + root
                            + ": mend it (a static initialiser runs once per JVM, so restart)" + again,
                    e);
        }
        if (e instanceof StackOverflowError) {
            return new UndecodableTaskException(
                    ErrorCode.PAYLOAD_UNREADABLE,
                    "nested too deeply to be read" + type + ": start the JVM with a larger -Xss" + again,
                    e);
        }
        return new UndecodableTaskException(
                ErrorCode.PAYLOAD_UNREADABLE, "can't be read" + type + ", problem=" + e + ": mend it" + again, e);
    }
}
