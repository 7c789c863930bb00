package dev.holdfast.storage.log;

/** A log holds something else than what was written. The partition refuses; nothing was changed. */
public final class LogDamagedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient LogDamage damage;

    public LogDamagedException(LogDamage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    public LogDamage damage() {
        return damage;
    }
}
