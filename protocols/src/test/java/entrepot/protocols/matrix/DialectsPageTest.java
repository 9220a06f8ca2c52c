package entrepot.protocols.matrix;

import entrepot.conversation.Loss;
import entrepot.protocols.Capability;
import entrepot.testkit.Golden;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code docs/dialects.md} says what each dialect carries, and how it loses the rest: it is written
 * from the code that decides.
 */
class DialectsPageTest {

    private static final String MODEL = "claude-sonnet-4-5";

    @Test
    void thePageIsTrue() {
        var page = new StringBuilder();
        page.append(
                """
                # What each dialect carries

                Written by `DialectsPageTest` from the code that decides; do not edit. A caller reaches every supplier
                in its own dialect; where the supplier speaks another one, this is what becomes of what was asked:
                **yes** is carried as it is, *named* is left out or told otherwise without a change of meaning, and
                listed in the response header `x-entrepot-losses` and on the receipt, and **no** is refused with its
                path, unless the request says `x-entrepot-losses: report`. A supplier that speaks the caller's own
                dialect gets the caller's bytes, and nothing is lost.

                Some dialects carry more for some models; this table asks for `%s`. For your own catalogue, ask
                `entrepot models --capabilities`.

                """
                        .formatted(MODEL));
        table(page, Column.ALL);
        for (Column column : Column.ALL) {
            page.append("\n## ").append(column).append("\n\n");
            losses(page, column);
        }
        texts(page);
        new Golden(
                        Path.of(System.getProperty("entrepot.root", "..")).resolve("docs"),
                        Boolean.getBoolean("golden.update"))
                .expect("dialects.md", page.toString());
    }

    private static void texts(StringBuilder page) {
        page.append(
                """

                ## Bodies of InvokeModel

                Anthropic's bodies carry what `anthropic.messages` does, Nova's what `bedrock.converse` does, and those
                of Mistral's later models what `openai.chat` does, but for a few settings. The others know texts: a
                prompt holds the conversation in the form that its model was trained on. Such bodies are read from
                callers too; a prompt that cannot be read from end to end is refused.

                """);
        table(page, Column.TEXTS);
        page.append('\n');
        losses(page, Column.TEXTS.getFirst());
    }

    private static void losses(StringBuilder page, Column column) {
        page.append("| | What is lost, and why |\n|---|---|\n");
        for (Loss loss : column.declared()) {
            page.append("| ")
                    .append(loss.weight() == Loss.Weight.HINT ? "*named*" : "**no**")
                    .append(" | ")
                    .append(loss.what())
                    .append(" |\n");
        }
    }

    private static void table(StringBuilder page, List<Column> columns) {
        page.append("| | ");
        var heads = new ArrayList<String>();
        columns.forEach(column -> heads.add(column.toString()));
        page.append(String.join(" | ", heads)).append(" |\n|---|");
        page.append("---|".repeat(heads.size())).append('\n');
        for (Capability capability : Capability.values()) {
            List<String> cells =
                    columns.stream()
                            .map(column -> cell(capability.how(column.dialect(), MODEL)))
                            .toList();
            page.append("| ").append(capability.words()).append(" | ");
            page.append(String.join(" | ", cells)).append(" |\n");
        }
    }

    private static String cell(Capability.How how) {
        return switch (how) {
            case CARRIED -> "yes";
            case NAMED -> "*named*";
            case REFUSED -> "**no**";
        };
    }
}
