package entrepot.runtime.driver;

import entrepot.runtime.turn.Limits;

/**
 * How sessions are driven.
 *
 * @param modelCallMillisMax after which a model call is given up
 * @param toolMillisMax after which a tool is given up
 * @param approvalMillisMax after which a question for approval lapses
 * @param pieceMillis how long streamed text is gathered before it is stored and shown
 * @param pieceBytes how much of it at most
 * @param claimsMax claims without progress after which a turn is given up
 * @param retryMillis pause before the second attempt of a model call; doubles with each
 * @param retryMillisMax longest pause, also when a supplier asks for a longer one
 */
public record DriverSettings(
        Limits limits,
        long modelCallMillisMax,
        long toolMillisMax,
        long approvalMillisMax,
        long pieceMillis,
        int pieceBytes,
        int claimsMax,
        long retryMillis,
        long retryMillisMax) {

    private static final long WEEK_MILLIS = 7L * 24 * 3600 * 1000;

    public static final DriverSettings DEFAULT =
            new DriverSettings(
                    Limits.DEFAULT, 600_000, 60_000, WEEK_MILLIS, 100, 8192, 5, 500, 60_000);
}
