package entrepot.protocols.bedrock.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.testkit.Cuts;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** What every recorded answer of InvokeModel weighs, whoever made the model. */
class InvokeCorpusTest {

    @Test
    void r15AStreamCutAtAnyByteIsMeteredTheSame() {
        int count = 0;
        for (Row row : Corpus.rows("bedrock-invoke-stream.jsonl")) {
            if (row.status() >= 400) {
                continue;
            }
            var whole = Cuts.same(row.id(), row.response(), InvokeCorpusTest::metered);
            assertThat(whole.out).isEqualTo(ByteBuffer.wrap(row.response()));
            assertThat(whole.finished || whole.failed).as(row.id()).isTrue();
            count++;
        }
        assertThat(count).isGreaterThan(35);
    }

    @Test
    void everyWholeAnswerThatTellsUsageIsUnderstood() {
        int told = 0;
        for (Row row : Corpus.rows("bedrock-invoke.jsonl")) {
            if (row.status() >= 400 || row.response().length == 0) {
                continue;
            }
            var usage = InvokeUsage.ofAnswer(row.response());
            if (usage != null) {
                assertThat(usage.totalTokens()).as(row.id()).isPositive();
                told++;
            }
        }
        assertThat(told).isGreaterThan(35);
    }

    private record Metered(
            ByteBuffer out, Usage usage, boolean finished, long contentEvents, boolean failed) {}

    private static Metered metered(List<byte[]> pieces) {
        var meter = new InvokeMeter();
        var out = new ByteArrayOutputStream();
        pieces.forEach(piece -> out.writeBytes(meter.chunk(piece)));
        out.writeBytes(meter.end());
        return new Metered(
                ByteBuffer.wrap(out.toByteArray()),
                meter.usage(),
                meter.finished(),
                meter.contentEvents(),
                meter.failure() != null);
    }
}
