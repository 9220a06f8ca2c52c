package entrepot.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.Order;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.turn.Action;

import org.junit.jupiter.api.Test;

/** What an order of a turn says of the session that it is bought for. */
class ModelCallsTest {

    private static final Action.CallModel CALL = new Action.CallModel("turn_1", 3, 2, 1);

    @Test
    void anOrderNamesTheTopOfItsTreeOfSessions() {
        var parent = new Fact.Parent("sess_b", "sess_a", "turn_7", "call_1", 2, null);

        assertThat(ModelCalls.work("sess_c", parent, CALL))
                .isEqualTo(new Order.Work("sess_c", "sess_a", "turn_1", 2));
        assertThat(ModelCalls.work("sess_a", null, CALL))
                .isEqualTo(new Order.Work("sess_a", "sess_a", "turn_1", 2));
    }
}
