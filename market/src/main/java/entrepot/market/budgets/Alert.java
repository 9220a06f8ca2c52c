package entrepot.market.budgets;

import entrepot.market.budgets.limits.Limit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.math.BigDecimal;

/** Something about a limit that a person should know. */
public sealed interface Alert {

    Limit limit();

    /** One line for people. */
    String text();

    /**
     * What was settled in a period has reached a percentage of the limit.
     *
     * @param startMillis of the period
     */
    record Reached(Limit limit, long startMillis, int percent, BigDecimal settled)
            implements Alert {
        @Override
        public String text() {
            return "limit %s '%s' (%s) of tenant %s has reached %d %%: %s are used"
                    .formatted(
                            limit.id(),
                            limit.name(),
                            limit.words(),
                            limit.tenant(),
                            percent,
                            limit.words(settled));
        }
    }

    /** An attempt used more than its worst case was thought to be; all of it is settled. */
    record Overrun(Limit limit, String orderId, BigDecimal held, BigDecimal actual)
            implements Alert {
        @Override
        public String text() {
            return "order %s used %s of limit %s '%s' of tenant %s and had held %s"
                    .formatted(
                            orderId,
                            limit.words(actual),
                            limit.id(),
                            limit.name(),
                            limit.tenant(),
                            limit.words(held));
        }
    }

    /** Takes alerts; on any thread, and quickly. */
    @FunctionalInterface
    interface Listener {

        /** Writes them to the log. */
        Listener LOG = new InLog();

        void raised(Alert alert);
    }

    /** Alerts as lines of the log. */
    final class InLog implements Listener {
        private static final Logger log = LoggerFactory.getLogger(Alert.class);

        @Override
        public void raised(Alert alert) {
            log.warn("{}", alert.text());
        }
    }
}
