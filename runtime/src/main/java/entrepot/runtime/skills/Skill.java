package entrepot.runtime.skills;

/**
 * A skill as lists show it.
 *
 * @param name and {@code description} of its default version
 */
public record Skill(
        String id,
        String name,
        String description,
        long defaultVersion,
        long latestVersion,
        long createdSeconds) {

    /** One version of a skill; never changed. */
    public record Version(
            String id,
            String skillId,
            long version,
            String name,
            String description,
            long createdSeconds) {}
}
