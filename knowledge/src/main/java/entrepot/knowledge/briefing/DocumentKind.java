package entrepot.knowledge.briefing;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What sort of documents these are, told by their words, and what to ask of that sort. */
enum DocumentKind {
    NEWS(
            List.of(
                    "said",
                    "told",
                    "reported",
                    "reports",
                    "announced",
                    "according to",
                    "statement",
                    "declined to comment",
                    "spokes\\w+"),
            List.of(
                    SubQuestion.of(
                            "Why, by these accounts?",
                            "because",
                            "due to",
                            "in order to",
                            "limited",
                            "constrain\\w*",
                            "reduce",
                            "dependen\\w+",
                            "so that",
                            "reach\\w*",
                            "driven",
                            "aim\\w*",
                            "needs?",
                            "trying to",
                            "pressure"),
                    SubQuestion.of(
                            "What stays as it was?",
                            "remain\\w*",
                            "still",
                            "continu\\w*",
                            "keeps?",
                            "kept",
                            "unchanged",
                            "preserv\\w*",
                            "retain\\w*"),
                    SubQuestion.of(
                            "What is uncertain or disputed?",
                            "unclear",
                            "uncertain\\w*",
                            "risks?",
                            "depends",
                            "whether",
                            "confidential",
                            "disput\\w*",
                            "overstated",
                            "lawyers?",
                            "denied",
                            "investigat\\w*",
                            "not known"),
                    SubQuestion.of(
                            "Who did not comment?",
                            "(?:declined|refused) to comment",
                            "did not (?:immediately )?(?:comment|respond|reply)",
                            "no comment",
                            "not comment"))),
    LEGAL(
            List.of(
                    "licen[cs]e\\w*",
                    "agreement",
                    "shall",
                    "herein",
                    "hereby",
                    "warrant\\w*",
                    "liabilit\\w+",
                    "copyright",
                    "party",
                    "parties",
                    "terminat\\w*",
                    "indemnif\\w*",
                    "pursuant",
                    "provided that",
                    "clause",
                    "notwithstanding"),
            List.of(
                    SubQuestion.of(
                            "What is permitted?",
                            "you may (?!not)",
                            "grants? (?:to )?you",
                            "hereby grants?",
                            "(?:is|are) (?:hereby )?granted",
                            "permission is",
                            "(?:is|are) (?:permitted|allowed|entitled|free) to",
                            "has the right to"),
                    SubQuestion.of(
                            "What is required?",
                            "must(?! not)",
                            "shall(?! not)",
                            "(?:is|are) required",
                            "provided that you",
                            "obliged"),
                    SubQuestion.of(
                            "What is forbidden?",
                            "may not",
                            "must not",
                            "shall not",
                            "cannot",
                            "prohibit\\w*",
                            "forbid\\w*",
                            "neither"),
                    SubQuestion.of(
                            "Who answers for damage?",
                            "warrant\\w*",
                            "liab\\w*",
                            "as is",
                            "damages",
                            "indemnif\\w*"),
                    SubQuestion.of(
                            "When does it end?",
                            "terminat\\w*",
                            "expir\\w*",
                            "revok\\w*",
                            "cease\\w*",
                            "notice period",
                            "ends? on"))),
    NOTES(
            List.of(
                    "meeting",
                    "agenda",
                    "attendees",
                    "apologies",
                    "action items?",
                    "decided",
                    "decision",
                    "agreed",
                    "todo",
                    "follow[- ]up",
                    "regards",
                    "subject",
                    "thanks",
                    "please",
                    "deadline",
                    "next week",
                    "kickoff",
                    "sync",
                    "let me know"),
            List.of(
                    SubQuestion.of(
                            "What was decided?",
                            "decid\\w*",
                            "decision",
                            "agreed",
                            "approv\\w*",
                            "resolved",
                            "we will",
                            "will go with",
                            "chose\\w*"),
                    SubQuestion.of(
                            "Who is to do what?",
                            "will",
                            "to do",
                            "todo",
                            "action",
                            "owner",
                            "assigned",
                            "please",
                            "need you",
                            "could you",
                            "can you",
                            "by (?:Mon|Tues|Wednes|Thurs|Fri)day"),
                    SubQuestion.of(
                            "What is open?",
                            "open",
                            "unresolved",
                            "tbd",
                            "pending",
                            "blocked",
                            "waiting",
                            "unclear",
                            "question",
                            "risk",
                            "concern\\w*",
                            "not yet",
                            "still"),
                    SubQuestion.of(
                            "What is due, and when?",
                            "due",
                            "deadline",
                            "by (?:\\d|the|end|next)",
                            "by (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
                            "by (?:Mon|Tue|Wed|Thu|Fri)",
                            "next meeting",
                            "scheduled",
                            "until"))),
    TECHNICAL(
            List.of(
                    "install\\w*",
                    "usage",
                    "command",
                    "configur\\w*",
                    "version",
                    "api",
                    "server",
                    "client",
                    "file",
                    "default",
                    "option",
                    "build",
                    "MUST",
                    "SHOULD",
                    "protocol",
                    "request",
                    "response",
                    "package",
                    "library",
                    "run",
                    "code",
                    "header",
                    "function"),
            List.of(
                    SubQuestion.of(
                            "What is it for?",
                            "is an?",
                            "provides?",
                            "allows?",
                            "lets",
                            "enables?",
                            "designed",
                            "purpose",
                            "used (?:to|for)",
                            "defines?",
                            "describes?",
                            "specif\\w+"),
                    SubQuestion.of(
                            "What does it need?",
                            "requires?",
                            "required",
                            "must",
                            "needs?",
                            "depends on",
                            "prerequisite\\w*",
                            "at least"),
                    SubQuestion.of(
                            "How is it used?",
                            "install\\w*",
                            "run\\w*",
                            "use",
                            "using",
                            "usage",
                            "start\\w*",
                            "set",
                            "configur\\w*",
                            "invoke\\w*",
                            "call"),
                    SubQuestion.of(
                            "What does it not do?",
                            "not support\\w*",
                            "cannot",
                            "can't",
                            "does not",
                            "do not",
                            "unsupported",
                            "limit\\w*",
                            "known issue\\w*",
                            "deprecated",
                            "warning",
                            "never",
                            "must not",
                            "should not",
                            "obsolete\\w*"))),
    REPORT(
            List.of(
                    "results?",
                    "findings?",
                    "figure",
                    "table",
                    "quarter",
                    "fiscal",
                    "revenue",
                    "measured",
                    "conclu\\w+",
                    "method\\w*",
                    "survey",
                    "percent",
                    "increase\\w*",
                    "decrease\\w*",
                    "average",
                    "compared",
                    "study",
                    "analysis",
                    "data",
                    "growth"),
            List.of(
                    SubQuestion.of(
                            "What was found?",
                            "found",
                            "results?",
                            "show\\w*",
                            "increas\\w*",
                            "decreas\\w*",
                            "rose",
                            "fell",
                            "grew",
                            "measured",
                            "conclu\\w*",
                            "reached"),
                    SubQuestion.of(
                            "What explains it?",
                            "because",
                            "due to",
                            "driven",
                            "result of",
                            "caused",
                            "explain\\w*",
                            "owing to",
                            "led to",
                            "reason"),
                    SubQuestion.of(
                            "What are the limits?",
                            "however",
                            "limit\\w*",
                            "not (?:tested|measured|included|run)",
                            "only",
                            "except",
                            "uncertain\\w*",
                            "pitfall\\w*",
                            "caveat\\w*",
                            "although",
                            "despite"),
                    SubQuestion.of(
                            "What is recommended?",
                            "recommend\\w*",
                            "should",
                            "plan\\w*",
                            "propos\\w*",
                            "next step\\w*",
                            "use",
                            "must"))),
    OTHER(
            List.of("$^"),
            List.of(
                    SubQuestion.of(
                            "What are the reasons?",
                            "because",
                            "due to",
                            "in order to",
                            "so that",
                            "reason",
                            "therefore",
                            "since",
                            "owing to"),
                    SubQuestion.of(
                            "What must be kept in mind?",
                            "must",
                            "never",
                            "always",
                            "make sure",
                            "important",
                            "careful",
                            "warning",
                            "do not",
                            "don't",
                            "should"),
                    SubQuestion.of(
                            "What is planned or due?",
                            "will",
                            "plan\\w*",
                            "due",
                            "deadline",
                            "scheduled",
                            "next",
                            "until"),
                    SubQuestion.of(
                            "What is uncertain?",
                            "unclear",
                            "uncertain\\w*",
                            "unknown",
                            "whether",
                            "may",
                            "might",
                            "perhaps",
                            "not known",
                            "depends")));

    /** A kind is told by at least this many of its words in a hundred. */
    private static final double WORDS_PER_HUNDRED_MIN = 1.2;

    private final Pattern words;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of records
    private final List<SubQuestion> questions;

    DocumentKind(List<String> words, List<SubQuestion> questions) {
        this.words =
                Pattern.compile(
                        "\\b(?:" + String.join("|", words) + ")\\b", Pattern.CASE_INSENSITIVE);
        this.questions = questions;
    }

    List<SubQuestion> questions() {
        return questions;
    }

    static DocumentKind of(List<Source> sources) {
        long length = sources.stream().mapToLong(s -> s.normalised().length()).sum();
        double hundreds = Math.max(1, length / 6.0 / 100);
        DocumentKind likely =
                Stream.of(values())
                        .max(Comparator.comparingDouble(kind -> kind.count(sources)))
                        .orElse(OTHER);
        return likely.count(sources) / hundreds >= WORDS_PER_HUNDRED_MIN ? likely : OTHER;
    }

    private double count(List<Source> sources) {
        double count = 0;
        for (Source source : sources) {
            count += words.matcher(source.normalised()).results().count();
        }
        return this == TECHNICAL ? count / 2 : count;
    }
}
