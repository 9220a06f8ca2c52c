package entrepot.runtime.automations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class ScheduleTest {

    private static List<String> next(Schedule schedule, String after, int count) {
        var times = new ArrayList<String>();
        Long at = Instant.parse(after).toEpochMilli();
        for (int i = 0; i < count && at != null; i++) {
            at = schedule.nextMillis(at);
            times.add(at == null ? "never" : Instant.ofEpochMilli(at).toString());
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource({
        "0 9 * * MON-FRI,UTC,2026-11-20T09:00:00Z,2026-11-23T09:00:00Z",
        "*/7 * * * *,UTC,2026-11-20T10:50:01Z,2026-11-20T10:56:00Z",
        "30 8 * * *,Europe/Berlin,2026-11-20T00:00:00Z,2026-11-20T07:30:00Z",
        "30 8 * * *,Asia/Kathmandu,2026-11-20T00:00:00Z,2026-11-20T02:45:00Z",
        "0 0 29 2 *,UTC,2026-11-20T00:00:00Z,2028-02-29T00:00:00Z",
        // Both days are restricted: either fits, as cron has always had it.
        "0 0 13 * 5,UTC,2026-11-20T00:00:00Z,2026-11-27T00:00:00Z",
        "0 0 30 2 *,UTC,2026-11-20T00:00:00Z,never"
    })
    void findsTheNextTime(String expression, String zone, String after, String next) {
        assertThat(next(new Schedule.Periodic(expression, zone), after, 1)).containsExactly(next);
    }

    @Test
    void aTimeThatIsLeftOutIsLeftOutAndOneThatComesTwiceIsTakenOnce() {
        var schedule = new Schedule.Periodic("30 2 * * *", "Europe/Berlin");
        assertThat(next(schedule, "2026-03-28T00:00:00Z", 2))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z");
        assertThat(next(schedule, "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void onceIsOnce() {
        var schedule = new Schedule.Once(1_800_000_000);
        assertThat(schedule.nextMillis(0)).isEqualTo(1_800_000_000_000L);
        assertThat(schedule.nextMillis(1_800_000_000_000L)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "* * * *", "* * * * * *", "61 * * * *", "@daily", "a b c d e"})
    void refusesWhatIsNoCron(String expression) {
        assertThatThrownBy(() -> new Schedule.Periodic(expression, "UTC"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Schedule.Periodic("* * * * *", "Mars/Olympus"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Mars/Olympus");
    }
}
