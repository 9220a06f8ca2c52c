package entrepot.runtime.schedule;

/**
 * How a node takes part.
 *
 * @param drivesMax sessions driven at once
 * @param beatMillis between signs of life
 * @param ttlMillis without a sign of life after which a node is dead
 * @param pollMillis between looks for due work when no hint comes
 * @param sweepMillis between looks for work that was lost on the way
 * @param beatsBeforeReaping signs of life in a row, in time, before a node may call others dead: so
 *     that nobody is reaped just after the database was away
 */
public record ScheduleSettings(
        int drivesMax,
        long beatMillis,
        long ttlMillis,
        long pollMillis,
        long sweepMillis,
        int beatsBeforeReaping) {

    public static final ScheduleSettings DEFAULT =
            new ScheduleSettings(4_096, 1_000, 4_000, 100, 5_000, 4);

    public ScheduleSettings {
        if (ttlMillis < 2 * beatMillis) {
            throw new IllegalArgumentException(
                    "ttlMillis is " + ttlMillis + ": give at least two beats of " + beatMillis);
        }
    }
}
