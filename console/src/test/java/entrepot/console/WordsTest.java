package entrepot.console;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.Money;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class WordsTest {

    @Test
    void a_cost_keeps_every_digit() {
        assertThat(Words.cost(Money.of("0.000001234500", "USD"))).isEqualTo("0.0000012345 USD");
    }

    @Test
    void an_unknown_price_is_never_shown_as_nothing() {
        assertThat(Words.cost((Money) null)).isEqualTo("unknown price");
    }

    @Test
    void no_receipts_cost_nothing() {
        assertThat(Words.cost(List.of())).isEqualTo("0");
    }

    @Test
    void times_have_units_that_fit_them() {
        assertThat(Words.millis(999)).isEqualTo("999 ms");
        assertThat(Words.millis(59_940)).isEqualTo("59.9 s");
        assertThat(Words.millis(125_000)).isEqualTo("2 min 5 s");
        assertThat(Words.millis(7_260_000)).isEqualTo("2 h 1 min");
        assertThat(Words.offset(1042)).isEqualTo("+1.042 s");
    }

    @Test
    void what_was_long_ago_has_a_date() {
        Instant now = Instant.parse("2026-11-20T12:00:00Z");
        assertThat(Words.ago(now.minusSeconds(59), now)).isEqualTo("59 s ago");
        assertThat(Words.ago(now.minusSeconds(7200), now)).isEqualTo("2 h ago");
        assertThat(Words.ago(now.minusSeconds(200_000), now)).isEqualTo("18 Nov 04:26:40 UTC");
    }

    @Test
    void a_clipped_text_is_one_line_within_its_length() {
        assertThat(Words.clip("  first line\nsecond", 80)).isEqualTo("first line");
        assertThat(Words.clip("x".repeat(50), 10)).isEqualTo("xxxxxxxxx…");
    }
}
