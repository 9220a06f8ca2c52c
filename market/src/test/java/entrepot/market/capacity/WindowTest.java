package entrepot.market.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.capacity.Window.Use;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;

class WindowTest {

    private record Added(long second, long tokens) {}

    @Test
    void aMinuteIsSixtySeconds() {
        var window = new Window();
        window.add(1_000, 7, 1);
        window.add(1_059, 5, 1);
        assertThat(window.use(1_059)).isEqualTo(new Use(12, 2));
        assertThat(window.use(1_060)).isEqualTo(new Use(5, 1));
        assertThat(window.use(1_118)).isEqualTo(new Use(5, 1));
        assertThat(window.use(1_119)).isEqualTo(new Use(0, 0));
    }

    @Test
    void aClockThatWasSetBackLosesNothing() {
        var window = new Window();
        window.add(1_000, 7, 1);
        window.add(900, 5, 1);
        assertThat(window.use(950)).isEqualTo(new Use(12, 2));
        assertThat(window.use(5_000_000)).isEqualTo(new Use(0, 0));
    }

    @Test
    void itIsAlwaysTheSumOfTheLastMinute() throws Exception {
        Seeds.each(
                200,
                seeds -> {
                    var window = new Window();
                    var added = new ArrayList<Added>();
                    long now = seeds.upTo(1_000_000);
                    for (int i = 0; i < 200; i++) {
                        now += seeds.upTo(seeds.upTo(10) == 0 ? 200 : 3);
                        long tokens = seeds.upTo(50);
                        window.add(now, tokens, 1);
                        added.add(new Added(now, tokens));
                        long since = now - Window.SECONDS;
                        assertThat(window.use(now))
                                .isEqualTo(
                                        new Use(
                                                added.stream()
                                                        .filter(each -> each.second() > since)
                                                        .mapToLong(Added::tokens)
                                                        .sum(),
                                                added.stream()
                                                        .filter(each -> each.second() > since)
                                                        .count()));
                    }
                });
    }
}
