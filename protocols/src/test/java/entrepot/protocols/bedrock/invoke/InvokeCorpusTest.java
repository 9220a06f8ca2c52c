package entrepot.protocols.bedrock.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** What every recorded answer of InvokeModel weighs, whoever made the model. */
class InvokeCorpusTest {

    private static final int CUTS_MAX = 400;

    @Test
    void everyStreamIsWeighedWhereverItIsCut() {
        int count = 0;
        for (Row row : Corpus.rows("bedrock-invoke-stream.jsonl")) {
            if (row.status() >= 400) {
                continue;
            }
            byte[] body = row.response();
            var whole = new InvokeMeter();
            assertThat(whole.chunk(body)).isSameAs(body);
            assertThat(whole.finished() || whole.failure() != null).as(row.id()).isTrue();
            int step = Math.max(1, body.length / CUTS_MAX);
            for (int cut = 0; cut <= body.length; cut += step) {
                var meter = new InvokeMeter();
                meter.chunk(Arrays.copyOf(body, cut));
                meter.chunk(Arrays.copyOfRange(body, cut, body.length));
                assertThat(meter.usage()).isEqualTo(whole.usage());
                assertThat(meter.contentEvents()).isEqualTo(whole.contentEvents());
            }
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
}
