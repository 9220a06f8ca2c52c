package entrepot.identity;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.identity.testing.CountingIds;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

final class IdsTest {

    private final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");

    @Test
    void ids_sort_in_the_order_they_were_made_even_when_the_clock_goes_back() {
        RandomIds ids = new RandomIds(clock, new SecureRandom());
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            made.add(ids.next("sess_"));
            if (i % 100 == 0) {
                clock.advanceMillis(i % 300 == 0 ? -5 : 7);
            }
        }
        assertThat(made).isSorted();
        assertThat(new HashSet<>(made)).hasSameSizeAs(made);
    }

    @Test
    void ids_are_a_prefix_and_26_letters_and_digits() {
        assertThat(new RandomIds(clock, new SecureRandom()).next("key_"))
                .matches("key_[0-9a-hjkmnp-tv-z]{26}");
    }

    @Test
    void ids_of_a_later_time_sort_behind_those_of_another_node() {
        String earlier = new RandomIds(clock, new SecureRandom()).next("x_");
        clock.advanceMillis(1);
        assertThat(new RandomIds(clock, new SecureRandom()).next("x_")).isGreaterThan(earlier);
    }

    @Test
    void the_same_clock_and_seed_make_the_same_ids() {
        String one = new RandomIds(clock, new SplittableRandom(1)).next("x_");
        assertThat(new RandomIds(clock, new SplittableRandom(1)).next("x_")).isEqualTo(one);
    }

    @Test
    void counting_ids_sort_by_time_of_making() {
        CountingIds ids = new CountingIds();
        assertThat(List.of(ids.next("a_"), ids.next("a_"), ids.next("b_")))
                .containsExactly("a_00000001", "a_00000002", "b_00000003");
    }

    @Test
    void r72_a_secret_masks_its_text_form() {
        assertThat(List.of(new Secret("abc")).toString()).isEqualTo("[***]");
        assertThat(new Secret("abc")).isEqualTo(new Secret("abc")).isNotEqualTo(new Secret("abd"));
    }
}
