package entrepot.runtime.environments;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How environments are kept.
 *
 * @param folder where workspaces are
 * @param suspendedAfter idle, an environment is called suspended
 * @param expiry unused for so long, it is deleted
 * @param setupMillisMax for each of its setup commands
 * @param commandMillisMax the longest time an agent may give a command
 */
public record EnvironmentSettings(
        Path folder,
        Duration suspendedAfter,
        Duration expiry,
        long setupMillisMax,
        long commandMillisMax) {

    /** As they are every day, in a folder. */
    public static EnvironmentSettings in(Path folder) {
        return new EnvironmentSettings(
                folder, Duration.ofMinutes(15), Duration.ofDays(7), 600_000, 600_000);
    }

    public EnvironmentSettings withExpiry(Duration now) {
        return new EnvironmentSettings(
                folder, suspendedAfter, now, setupMillisMax, commandMillisMax);
    }
}
