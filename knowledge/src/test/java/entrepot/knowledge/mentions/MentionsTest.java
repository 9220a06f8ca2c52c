package entrepot.knowledge.mentions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

final class MentionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It was April 13, 2026.|2026|4|13",
                "It was 13 April 2026.|2026|4|13",
                "It was 2026-04-13.|2026|4|13",
                "It was on 13.4.2026.|2026|4|13",
                "It was the 3rd of May 1999.|1999|5|3",
                "It was adopted on 20 December 1996, or so.|1996|12|20",
                "It was 04/13/2026.|2026|4|13",
                "In October 2025 it ended.|2025|10|0"
            })
    void datesAreReadInTheirOrders(String text, int year, int month, int day) {
        DateMention date = Mentions.of(text).dates().getFirst();
        assertThat(date.year()).isEqualTo(year);
        assertThat(date.month()).isEqualTo(month);
        assertThat(date.day()).isEqualTo(day);
        assertThat(text.substring(date.from(), date.to())).isEqualTo(date.words());
    }

    @Test
    void weekdaysBelongToTheirDates() {
        DateMention date =
                Mentions.of("In a memo sent Sunday, April 13, she wrote.").dates().getFirst();
        assertThat(date.words()).isEqualTo("Sunday, April 13");
        assertThat(date.year()).isNull();
        assertThat(date.fits(2025)).isTrue();
        assertThat(date.fits(2026)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It may 5 times fail.", "Released as 1.2.2026.4", "The ratio was 04/05/2026 maybe.",
                "March on!", "Room 12 Decker street", "In May 12,000 people came."
            })
    void whatLooksLikeADateIsNone(String text) {
        assertThat(Mentions.of(text).dates()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worth up to $50 billion|50000000000 $|up to $50 billion",
                "a planned $50 billion deal|50000000000 $|planned $50 billion",
                "about 20% of it|20 %|about 20%",
                "US$1.5bn in all|1500000000 $|US$1.5bn",
                "EUR 1,250.50 a month|1250.5 €|EUR 1,250.50",
                "2 gigawatts of power|2 gigawatt|2 gigawatts",
                "after 30 days|30 day|30 days",
                "3 percent|3 %|3 percent"
            })
    void figuresKeepTheirSizeAndHedge(String text, String key, String wording) {
        FigureMention figure = Mentions.of(text).figures().getFirst();
        assertThat(figure.key()).isEqualTo(key);
        assertThat(figure.wording()).isEqualTo(wording);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "They sell to Fortune 500 companies.",
                "In 2026 it grew.",
                "Section 4.2 applies."
            })
    void bareNumbersAndNamesAreNoFigures(String text) {
        assertThat(Mentions.of(text).figures()).isEmpty();
    }

    @Test
    void namesAreCapitalsThatAreNotOnlyFirst() {
        assertThat(Mentions.of("The memo by Denise Dresser names Amazon’s Bedrock.").names())
                .containsExactlyInAnyOrder("denise dresser", "amazon bedrock");
        assertThat(Mentions.of("Amazon has said so.").names()).isEmpty();
        assertThat(Mentions.of("Amazon has said so.", Set.of("amazon")).names())
                .containsExactly("amazon");
    }

    @Test
    void theVerbOfADateIsTheNearestOfItsClause() {
        for (List<String> each :
                List.of(
                        List.of("In a memo sent Sunday, April 13, she wrote.", "send"),
                        List.of("The freeze ends on April 13.", "end"),
                        List.of("On April 13, Acme launched a ship.", "launch"),
                        List.of("CNBC reported on April 13 that all was well.", ""))) {
            DateMention date = Mentions.of(each.getFirst()).dates().getFirst();
            assertThat(Mentions.verb(each.getFirst(), date.from(), date.to()))
                    .as(each.getFirst())
                    .isEqualTo(each.getLast());
        }
    }
}
