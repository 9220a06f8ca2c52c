package entrepot.market.policy;

import entrepot.market.Order;
import entrepot.market.catalog.Supplier.Channel;
import entrepot.market.gates.Question;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * All that a decision reads of a question; what no policy of the snapshot reads is left out, so
 * that equal questions find the same decision.
 *
 * @param hour when, to the full hour
 */
record Asked(
        String tenant,
        String team,
        String principal,
        String model,
        String supplier,
        Channel channel,
        Order.ApiKind api,
        String storefront,
        @Nullable String project,
        @Nullable String dataClass,
        @Nullable Instant hour) {

    static Asked of(Question question, Reads reads) {
        Order.Purpose purpose = question.purpose();
        return new Asked(
                question.caller().tenant(),
                question.caller().team(),
                question.caller().principal(),
                question.model().id(),
                question.supplier().id(),
                question.supplier().channel(),
                question.api(),
                reads.storefront() ? question.storefront() : "",
                reads.project() ? purpose.project() : null,
                reads.dataClass() ? purpose.dataClass() : null,
                reads.time() ? question.at().truncatedTo(ChronoUnit.HOURS) : null);
    }

    String vendor() {
        return model.substring(0, model.indexOf('/'));
    }

    /** What some policy reads of what changes from call to call. */
    record Reads(boolean storefront, boolean project, boolean dataClass, boolean time) {

        static final Reads NOTHING = new Reads(false, false, false, false);
        static final Reads ALL = new Reads(true, true, true, true);

        Reads and(Reads other) {
            return new Reads(
                    storefront || other.storefront,
                    project || other.project,
                    dataClass || other.dataClass,
                    time || other.time);
        }
    }
}
