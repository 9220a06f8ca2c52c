package entrepot.knowledge.briefing;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.knowledge.embedding.E5;
import entrepot.knowledge.passages.Document;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is worth a reader's time under "Needs checking", and what would waste it. */
final class ChecksTest {

    private static final E5 EMBEDDER = new E5();

    private static String checks(String... texts) throws InterruptedException {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            sources.add(Source.of(new Document("s" + (i + 1), texts[i]), ""));
        }
        var page = new StringBuilder();
        new Briefing(EMBEDDER)
                .write(
                        new Briefing.Assignment(
                                "Give me a briefing", sources, false, List.of(), Set.of()),
                        page::append);
        int from = page.indexOf("**Needs checking**");
        return from < 0 ? "" : page.substring(from, page.indexOf("**Sources**"));
    }

    @Test
    void aWeekdayThatIsWrongInItsYearIsImpossible() throws Exception {
        assertThat(checks("The board met on Sunday, April 13, 2026, in Ghent."))
                .contains("“Sunday, April 13, 2026” [s1:1]: 13 April 2026 is a Monday");
    }

    @Test
    void adayThatNoYearHasIsImpossible() throws Exception {
        assertThat(checks("The lease ends on 31 April 2027, says the landlord."))
                .contains("“31 April 2027” [s1:1]: no year has that day");
        assertThat(checks("The lease ends on 29 February 2027, says the landlord."))
                .contains("2027 has no such day");
    }

    @Test
    void aWeekdayThatFitsSomeYearNearbyIsLeftAlone() throws Exception {
        assertThat(checks("The fair opened on May 2, 2025. It will open again on Saturday, May 2."))
                .isEmpty();
    }

    @Test
    void datesOfOneEventThatDifferAreShown() throws Exception {
        assertThat(
                        checks(
                                "The Antwerp depot opened on 3 March 2026, said Els Claes of"
                                        + " Nordport.",
                                "The Antwerp depot opened on 5 March 2026, said Els Claes of"
                                        + " Nordport."))
                .contains("Dates differ")
                .contains("3 March 2026")
                .contains("5 March 2026");
    }

    @Test
    void datesOfDifferentEventsAreNoContradiction() throws Exception {
        assertThat(
                        checks(
                                "In a memo reported by CNBC on April 13, 2026, Denise Dresser said"
                                    + " Microsoft had limited OpenAI's ability to meet enterprise"
                                    + " customers.",
                                "Business Insider reported on April 9, 2026 that Matt Garman"
                                    + " described the dual investments in OpenAI and Anthropic as"
                                    + " business as usual.",
                                "Acme opened a depot in Ghent on 3 March 2026.",
                                "Acme closed its depot in Ghent on 7 March 2026."))
                .doesNotContain("differ");
    }

    @Test
    void amountsOfDifferentThingsAreNoContradiction() throws Exception {
        assertThat(
                        checks(
                                "Microsoft has invested more than $13 billion in OpenAI since"
                                        + " 2019.",
                                "OpenAI's valuation hit $157 billion in its latest funding round.",
                                "Amazon said it would invest $50 billion in OpenAI.",
                                "Anthropic said Amazon's total investment would reach $8 billion."))
                .doesNotContain("differ");
    }

    @Test
    void oneAmountInDifferentWordsIsShown() throws Exception {
        assertThat(
                        checks(
                                "Nordport will invest $40 million in the Ghent terminal, Els Claes"
                                        + " said.",
                                "Nordport will invest up to $40 million in the Ghent terminal, Els"
                                        + " Claes said."))
                .contains("“$40 million” [s1:1]; “up to $40 million” [s2:1]");
    }
}
