package dev.holdfast.storage.log;

import org.jspecify.annotations.Nullable;

/** Class name and message of a failure, readable without the class that threw it. */
public record FailureInfo(String className, @Nullable String message) {}
