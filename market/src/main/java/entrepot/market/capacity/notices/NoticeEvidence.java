package entrepot.market.capacity.notices;

import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.evidence.Evidence;
import entrepot.market.contracts.evidence.EvidenceKey;
import entrepot.market.contracts.evidence.SignedEvidence;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Locale;

/** The record of one procedure as a signed document, with the clause that asked for it. */
public final class NoticeEvidence {

    private NoticeEvidence() {}

    /**
     * Signs.
     *
     * @param at as of when it says where the notice stands
     */
    public static byte[] sign(Notice notice, ContractBook book, Instant at, EvidenceKey key) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", SignedEvidence.FIRST_REFUSAL);
        json.put("contracts", book.version());
        Clause clause = book.clause(notice.clause());
        if (clause == null) {
            json.putObject("clause").put("id", notice.clause());
        } else {
            json.set("clause", Evidence.clause(clause));
        }
        json.put("at", at.toString());
        json.put("standing", notice.standing(at).name().toLowerCase(Locale.ROOT));
        ObjectNode offered = json.putObject("offer");
        offered.put("notice", notice.id());
        offered.put("seller", notice.seller());
        offered.put("purchase", notice.purchase());
        offered.put("document", notice.document());
        offered.put("offered_at", notice.offeredAt().toString());
        offered.put("deadline", text(notice.deadline()));
        offered.put("recorded_at", notice.recordedAt().toString());
        offered.put("recorded_by", notice.recordedBy());
        Notice.Answer answer = notice.answer();
        if (answer != null) {
            ObjectNode answered = json.putObject("answer");
            answered.put("outcome", answer.outcome().name().toLowerCase(Locale.ROOT));
            answered.put("document", answer.document());
            answered.put("answered_at", answer.answeredAt().toString());
            answered.put("recorded_at", answer.recordedAt().toString());
            answered.put("recorded_by", answer.recordedBy());
        }
        return SignedEvidence.sign(json, key);
    }

    private static String text(@Nullable Instant time) {
        return time == null ? "none" : time.toString();
    }
}
