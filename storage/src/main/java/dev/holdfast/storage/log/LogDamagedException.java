package dev.holdfast.storage.log;

import dev.holdfast.config.ErrorCode;

/** A log holds something else than what was written. The partition refuses; nothing was changed. */
public final class LogDamagedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient LogDamage damage;

    public LogDamagedException(LogDamage damage) {
        super(ErrorCode.PARTITION_DAMAGED.says(damage.toString()));
        this.damage = damage;
    }

    public LogDamage damage() {
        return damage;
    }
}
