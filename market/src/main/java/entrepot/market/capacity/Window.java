package entrepot.market.capacity;

/** What was used in the last {@value #SECONDS} seconds, by the second; never more than that. */
final class Window {

    static final int SECONDS = 60;

    private final long[] tokens = new long[SECONDS];
    private final long[] requests = new long[SECONDS];
    private long latest = Long.MIN_VALUE;
    private long tokensSum;
    private long requestsSum;

    /**
     * @param second since 1970; one that is earlier than the latest counts as that
     */
    synchronized void add(long second, long tokensUsed, long requestsMade) {
        forward(second);
        int place = place(latest);
        tokens[place] += tokensUsed;
        requests[place] += requestsMade;
        tokensSum += tokensUsed;
        requestsSum += requestsMade;
    }

    synchronized Use use(long second) {
        forward(second);
        return new Use(tokensSum, requestsSum);
    }

    /** Empties what is too old. A clock that was set back moves nothing. */
    private void forward(long second) {
        if (second <= latest) {
            return;
        }
        long first = latest == Long.MIN_VALUE ? second : Math.max(latest + 1, second - SECONDS + 1);
        for (long each = first; each <= second; each++) {
            int place = place(each);
            tokensSum -= tokens[place];
            requestsSum -= requests[place];
            tokens[place] = 0;
            requests[place] = 0;
        }
        latest = second;
    }

    private static int place(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }

    /** In the last minute. */
    record Use(long tokens, long requests) {}
}
