package entrepot.app.server;

import entrepot.market.policy.PolicyFolder;

import java.nio.file.Path;

/** Policies without a server. */
public final class PolicyChecks {

    private PolicyChecks() {}

    /**
     * Reads a folder of policies once.
     *
     * @throws entrepot.market.policy.PoliciesInvalid with all that is wrong
     */
    public static PolicyFolder open(Path folder) {
        return PolicyFolder.open(folder, Wiring.CLOCK);
    }
}
