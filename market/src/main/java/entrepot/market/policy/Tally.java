package entrepot.market.policy;

import java.util.concurrent.atomic.LongAdder;

/**
 * How often one policy said no to an offer of an order, since this process began.
 *
 * @param refused when it decides
 * @param wouldRefuse when it is only logged
 */
record Tally(LongAdder refused, LongAdder wouldRefuse) {

    Tally() {
        this(new LongAdder(), new LongAdder());
    }
}
