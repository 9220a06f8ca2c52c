package entrepot.knowledge.briefing;

import entrepot.knowledge.search.Words;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a reader asks: about everything, one thing or several. */
public final class Questions {

    /** Words that ask for a briefing and say nothing of what it is about. */
    private static final Set<String> ASKING =
            Stream.of(
                            "brief",
                            "briefing",
                            "summary",
                            "summarise",
                            "summarize",
                            "overview",
                            "digest",
                            "document",
                            "file",
                            "folder",
                            "text",
                            "article",
                            "note",
                            "paper",
                            "material",
                            "source",
                            "key",
                            "main",
                            "point",
                            "important",
                            "short",
                            "long",
                            "read",
                            "report",
                            "write",
                            "make",
                            "list",
                            "show",
                            "everything",
                            "contents",
                            "contain",
                            "need",
                            "know",
                            "want",
                            "help",
                            "day",
                            "today",
                            "daily",
                            "morning",
                            "news",
                            "best",
                            "good",
                            "look",
                            "find",
                            "out",
                            "happen",
                            "happening",
                            "analyse",
                            "analyze",
                            "review",
                            "explain",
                            "cite",
                            "citation",
                            "quote",
                            "first",
                            "then",
                            "use",
                            "workspace",
                            "provide",
                            "attached",
                            "following",
                            "above",
                            "below",
                            "let",
                            "go",
                            "thing",
                            "highlight",
                            "takeaway",
                            "tldr",
                            "produce",
                            "prepare",
                            "create",
                            "draft",
                            "bullet",
                            "word",
                            "sentence",
                            "paragraph",
                            "team",
                            "everyone",
                            "full",
                            "complete",
                            "directory",
                            "concise",
                            "clear",
                            "markdown",
                            "question",
                            "change",
                            "dispute",
                            "differ",
                            "disagree",
                            "status",
                            "update",
                            "latest",
                            "answer",
                            "cover",
                            "each",
                            "fact")
                    .map(Words::stem)
                    .collect(Collectors.toUnmodifiableSet());

    private static final Pattern GREETING =
            Pattern.compile(
                    "\\s*(?:hi|hello|hey|good (?:morning|day|evening)|thanks?(?:"
                            + " you)?|ok(?:ay)?|test|ping|who are you|what (?:are|can) you(?:"
                            + " do)?|help)?[\\s.!?]*",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern WHY =
            Pattern.compile("(?:,| and)\\s+(?:and )?why\\b", Pattern.CASE_INSENSITIVE);
    private static final int COUNT_MAX = 6;

    private Questions() {}

    /** Whether it asks nothing of any document. */
    public static boolean isGreeting(String text) {
        return GREETING.matcher(text).matches();
    }

    /** Whether it asks for all there is, not for something. */
    public static boolean asksForEverything(String text) {
        return Words.of(text).stream().allMatch(word -> ASKING.contains(word) || word.length() < 2);
    }

    /** The reader's own questions when there are several, then those of this kind of documents. */
    public static List<SubQuestion> of(String question, List<Source> sources) {
        var questions = new ArrayList<SubQuestion>();
        List<String> own =
                Pattern.compile("[^?\\n]+\\?")
                        .matcher(question)
                        .results()
                        .map(m -> m.group().replaceFirst("^\\s*(?:[-*•]|\\d+[.)])\\s*", "").strip())
                        .filter(text -> !asksForEverything(text))
                        .toList();
        if (own.size() > 1) {
            own.forEach(text -> questions.add(new SubQuestion(text, null)));
        }
        List<SubQuestion> usual = DocumentKind.of(sources).questions();
        if (WHY.matcher(question).find() && DocumentKind.of(sources) != DocumentKind.NEWS) {
            questions.add(DocumentKind.REPORT.questions().get(1));
        }
        questions.addAll(usual);
        return questions.subList(0, Math.min(COUNT_MAX, questions.size()));
    }
}
