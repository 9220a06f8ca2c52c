package entrepot.runtime.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import entrepot.conversation.Part;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/**
 * Input from outside that lies in a session's inbox until the session's owner takes it into the
 * journal. Ids of items are given when a letter is written, so that taking it twice names it alike.
 */
public sealed interface Letter {

    record Message(Fact.UserItem item) implements Letter {}

    record Cancel() implements Letter {}

    record Result(
            String turnId,
            String callId,
            String itemId,
            List<Part> output,
            boolean failed,
            @Nullable String error)
            implements Letter {
        public Result {
            output = List.copyOf(output);
        }
    }

    /**
     * Somebody's word on a call that waits for approval.
     *
     * @param by who says so
     */
    record Approval(
            String approvalId,
            boolean approved,
            String by,
            @Nullable String note,
            boolean forSession)
            implements Letter {}

    /** The session is told something else from now on. */
    record Change(Configuration configuration) implements Letter {}

    /** A turn of a subagent has ended. */
    record Report(String subagentId, Fact.Report report) implements Letter {}

    /**
     * A call of a subagent waits for approval.
     *
     * @param path the subagents from the root's own down to the one that asks
     */
    record Question(List<String> path, Fact.ApprovalAsked question) implements Letter {
        public Question {
            path = List.copyOf(path);
        }
    }

    /** A subagent waits no more for that word. */
    record Settled(String subagentId, String approvalId, Fact.Answer answer, String by)
            implements Letter {}

    /** A letter at its place in the inbox, counted from 1. */
    record Numbered(long number, Letter letter) {}

    /** The word under which the inbox keeps its kind. */
    default String kind() {
        return switch (this) {
            case Message message -> "message";
            case Cancel cancel -> "cancel";
            case Result result -> "result";
            case Change change -> "change";
            case Approval approval -> "approval";
            case Report report -> "report";
            case Question question -> "question";
            case Settled settled -> "settled";
        };
    }

    default byte[] written() {
        return Words.MAPPER.writeValueAsBytes(this);
    }

    static Letter read(byte[] written) {
        return Words.MAPPER.readValue(written, Letter.class);
    }

    /** How letters are written down. */
    final class Words {
        private static final JsonMapper MAPPER =
                FactCodec.words().addMixIn(Letter.class, LetterWords.class).build();

        private Words() {}

        @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
        @JsonSubTypes({
            @JsonSubTypes.Type(value = Message.class, name = "message"),
            @JsonSubTypes.Type(value = Cancel.class, name = "cancel"),
            @JsonSubTypes.Type(value = Result.class, name = "result"),
            @JsonSubTypes.Type(value = Change.class, name = "change"),
            @JsonSubTypes.Type(value = Approval.class, name = "approval"),
            @JsonSubTypes.Type(value = Report.class, name = "report"),
            @JsonSubTypes.Type(value = Question.class, name = "question"),
            @JsonSubTypes.Type(value = Settled.class, name = "settled")
        })
        private interface LetterWords {}
    }
}
