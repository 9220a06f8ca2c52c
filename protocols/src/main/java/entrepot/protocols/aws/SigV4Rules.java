package entrepot.protocols.aws;

import java.time.Duration;
import java.util.Set;

/**
 * What a verifier accepts.
 *
 * @param services the names that clients may sign for, such as {@code bedrock}
 * @param regions the regions that they may sign for; empty for any
 * @param skewMax how far a client's clock may be from ours, either way
 * @param unsignedBodies whether {@code UNSIGNED-PAYLOAD} is accepted: then anyone between may
 *     change the body
 */
public record SigV4Rules(
        Set<String> services, Set<String> regions, Duration skewMax, boolean unsignedBodies) {

    /** As AWS has it. */
    public static final Duration SKEW_MAX = Duration.ofMinutes(15);

    public SigV4Rules {
        services = Set.copyOf(services);
        regions = Set.copyOf(regions);
        if (services.isEmpty()) {
            throw new IllegalArgumentException("no service to sign for");
        }
        if (skewMax.isNegative()) {
            throw new IllegalArgumentException("a skew below zero");
        }
    }

    /** Any region, AWS's skew, and no unsigned bodies. */
    public static SigV4Rules of(String... services) {
        return new SigV4Rules(Set.of(services), Set.of(), SKEW_MAX, false);
    }
}
