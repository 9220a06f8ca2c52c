package entrepot.runtime.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * What the operator lets sandboxes do.
 *
 * @param program bubblewrap's name or path; null when nothing may be run
 * @param networkAllowed whether callers may ask for the node's network, its inner addresses
 *     included
 * @param runsMax commands that run at once on this node
 */
public record SandboxSettings(@Nullable String program, boolean networkAllowed, int runsMax) {

    public static final SandboxSettings DEFAULT = new SandboxSettings("bwrap", false, 16);

    public SandboxSettings {
        if (runsMax < 1) {
            throw new IllegalArgumentException("at least one command must be able to run");
        }
    }
}
