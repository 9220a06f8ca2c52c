package entrepot.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Event;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Sampling;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.knowledge.testing.WordCountEmbedder;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the model acts, whatever it finds. */
final class SessionTest {

    private static final Map<String, byte[]> FILES =
            Desk.files(
                    "minutes.md",
                    """
                    # Weekly meeting

                    The team agreed to move the depot to Ghent in May.

                    Anna Maes will order 12 trucks by Friday, 6 March 2026.
                    """,
                    "mail.txt",
                    """
                    From: Jan
                    Subject: depot

                    The depot in Ghent costs 40,000 euros a year.
                    Please send me the lease before Friday, 6 March 2026.
                    """,
                    "empty.txt",
                    "",
                    "photo.png",
                    "not read",
                    "locked.txt",
                    "secret",
                    "blob.dat",
                    "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0001\u0002\u0003");

    private final WordCountEmbedder embedder = new WordCountEmbedder();
    private final Extract1 model = new Extract1(embedder, text -> text.split("\\s+").length);

    private Desk desk() {
        return new Desk(model, embedder, FILES);
    }

    @Test
    void itListsThenReadsThenSearchesThenWrites() throws Exception {
        var desk = desk();
        String answer = desk.ask("What does the depot in Ghent cost a year?");
        assertThat(desk.calls().getFirst()).isEqualTo("list_files{}");
        assertThat(desk.calls().subList(1, 5))
                .containsExactly(
                        "read_file{\"path\":\"minutes.md\"}",
                        "read_file{\"path\":\"mail.txt\"}",
                        "read_file{\"path\":\"locked.txt\"}",
                        "read_file{\"path\":\"blob.dat\"}");
        assertThat(desk.calls().subList(5, desk.calls().size()))
                .allMatch(call -> call.startsWith("search{"))
                .isNotEmpty();
        assertThat(answer)
                .contains("“The depot in Ghent costs 40,000 euros a year.” [mail.txt:4]")
                .contains("minutes.md:3]")
                .contains("locked.txt: could not be read: error: permission denied")
                .contains("empty.txt: is empty")
                .contains("photo.png: is not text, not read")
                .contains("blob.dat: is not text")
                .contains("This model extracts and does not generate");
    }

    @Test
    void theSameHistoryAlwaysGivesTheSameEvents() throws Exception {
        var one = desk();
        one.ask("Who orders trucks?");
        var other = desk();
        other.ask("Who orders trucks?");
        assertThat(other.steps()).isEqualTo(one.steps());
    }

    @Test
    void everyPrefixOfAHistoryHasALegalNextStep() throws Exception {
        var desk = desk();
        desk.ask("Who orders trucks?");
        desk.ask("What does the depot cost?");
        List<Message> all = desk.messages();
        for (int length = 0; length <= all.size(); length++) {
            List<Event> events = new ArrayList<>();
            model.answer(desk.request(all.subList(0, length)), events::add);
            assertLegal(events, all.subList(0, length));
        }
    }

    private static void assertLegal(List<Event> events, List<Message> history) {
        assertThat(events.getFirst()).isInstanceOf(Event.Started.class);
        assertThat(events.getLast()).isInstanceOf(Event.UsageReported.class);
        assertThat(events.get(events.size() - 2)).isInstanceOf(Event.Finished.class);
        List<Part> parts = new ArrayList<>();
        for (Event event : events) {
            if (event instanceof Event.PartFinished finished) {
                assertThat(finished.index()).isEqualTo(parts.size());
                parts.add(finished.part());
            }
        }
        assertThat(parts).isNotEmpty();
        boolean calls = parts.stream().allMatch(part -> part instanceof Part.ToolCall);
        assertThat(((Event.Finished) events.get(events.size() - 2)).reason())
                .isEqualTo(calls ? StopReason.TOOL_CALLS : StopReason.END);
        List<String> ids = new ArrayList<>();
        history.forEach(message ->
                message.parts().stream()
                        .filter(Part.ToolCall.class::isInstance)
                        .forEach(part -> ids.add(((Part.ToolCall) part).callId())));
        parts.stream()
                .filter(Part.ToolCall.class::isInstance)
                .forEach(part -> ids.add(((Part.ToolCall) part).callId()));
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void toolsThatNeverAnswerDoNotMakeAnEndlessSession() throws Exception {
        List<Message> history = new ArrayList<>();
        history.add(Message.text(Message.Role.USER, "Who orders trucks?"));
        int steps = 0;
        for (boolean calling = true; calling; steps++) {
            List<Event> events = new ArrayList<>();
            model.answer(desk().request(history), events::add);
            List<Part> parts = new ArrayList<>();
            for (Event event : events) {
                if (event instanceof Event.PartFinished finished) {
                    parts.add(finished.part());
                }
            }
            history.add(Message.of(Message.Role.ASSISTANT, parts.toArray(Part[]::new)));
            calling = parts.getFirst() instanceof Part.ToolCall;
            assertThat(steps).isLessThan(10);
        }
        assertThat(history.getLast().text()).contains("I extract from documents");
    }

    @Test
    void oneToolAtATimeWhenTheCallerWantsThat() throws Exception {
        var desk =
                desk().withSampling(
                                new Sampling(
                                        null, null, null, null, List.of(), null, null, null, false,
                                        null, null));
        desk.ask("Who orders trucks?");
        desk.messages()
                .forEach(message ->
                        assertThat(message.parts().stream().filter(Part.ToolCall.class::isInstance))
                                .hasSizeLessThan(2));
    }

    @Test
    void theCallersTokenLimitCutsTheAnswerAndSaysSo() throws Exception {
        var desk = desk().withSampling(Sampling.DEFAULT.withOutputTokensMax(60));
        String answer = desk.ask("Who orders trucks?");
        assertThat(answer.split("\\s+").length).isLessThanOrEqualTo(60);
        assertThat(desk.steps().getLast()).contains(new Event.Finished(StopReason.LENGTH));
    }

    @Test
    void everyStepReportsWhatItReadAndWrote() throws Exception {
        var desk = desk();
        desk.ask("Who orders trucks?");
        for (List<Event> step : desk.steps()) {
            Usage usage = ((Event.UsageReported) step.getLast()).usage();
            assertThat(usage.inputTokens()).isPositive();
            assertThat(usage.outputTokens()).isPositive();
            assertThat(usage.estimated()).isFalse();
        }
    }

    @Test
    void withoutToolsAShortQuestionGetsAnHonestAnswer() throws Exception {
        assertThat(desk().withTools(List.of()).ask("What is the capital of France?"))
                .isEqualTo(Planner.INTRODUCTION);
        assertThat(desk().ask("Hello!")).isEqualTo(Planner.INTRODUCTION);
    }

    @Test
    void aLongMessageIsADocumentOfItsOwn() throws Exception {
        String text =
                "Please summarise:\n\n"
                        + "The harbour was closed on Monday because of fog. "
                        + "Ships waited outside for nine hours. "
                        + "The pilots' union had asked for new radar in 2024. "
                        + "The port authority bought it for €3 million in 2025. "
                        + "It will be installed by the end of the year, said director Els Claes. "
                        + "Until then, pilots guide ships by radio. ".repeat(12);
        assertThat(desk().withTools(List.of()).ask(text)).contains("[message:3]");
    }

    @Test
    void aFollowUpIsAnsweredFromWhatWasRead() throws Exception {
        var desk = desk();
        desk.ask("Give me a briefing");
        int calls = desk.calls().size();
        assertThat(desk.ask("What does the depot in Ghent cost a year?"))
                .contains("costs 40,000 euros")
                .doesNotContain("Timeline");
        assertThat(desk.calls().subList(calls, desk.calls().size()))
                .allMatch(call -> call.startsWith("search{"));
        assertThat(desk.ask("Which vaccines are given to newborn elephants?"))
                .contains("Not found in these documents");
    }

    @Test
    void withSearchAloneItQuotesWhatWasFound() throws Exception {
        assertThat(
                        desk().withTools(List.of("docs.search", "search"))
                                .ask("What does the depot cost?"))
                .contains("costs 40,000 euros")
                .contains("only what a search found");
    }
}
