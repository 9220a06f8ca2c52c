package entrepot.knowledge.embedding;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BERT's uncased tokens: words in lower case without accents, split at punctuation, then the
 * longest known pieces from the left. Text that looks like a mark, such as {@code [SEP]}, is read
 * as text.
 */
public final class WordPiece {

    private static final int WORD_CHARS_MAX = 100;

    private final Map<String, Integer> words = new HashMap<>();
    private final Map<String, Integer> pieces = new HashMap<>();
    private final int unknown;
    private final int start;
    private final int end;

    WordPiece(Map<String, Integer> vocabulary) {
        vocabulary.forEach((token, id) -> {
            if (token.startsWith("##") && token.length() > 2) {
                pieces.put(token.substring(2), id);
            } else {
                words.put(token, id);
            }
        });
        unknown = mark("[UNK]");
        start = mark("[CLS]");
        end = mark("[SEP]");
    }

    /** Reads the {@code model.vocab} object of a Hugging Face {@code tokenizer.json}. */
    static WordPiece of(InputStream tokenizerJson) throws IOException {
        var vocabulary = new HashMap<String, Integer>(1 << 16);
        try (JsonParser json =
                new JsonFactory().createParser(ObjectReadContext.empty(), tokenizerJson)) {
            boolean inside = false;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("vocab")) {
                    inside = true;
                } else if (inside && token == JsonToken.VALUE_NUMBER_INT) {
                    vocabulary.put(json.currentName(), json.getIntValue());
                } else if (inside && token == JsonToken.END_OBJECT) {
                    break;
                }
            }
        }
        return new WordPiece(vocabulary);
    }

    private int mark(String token) {
        Integer id = words.get(token);
        if (id == null) {
            throw new IllegalStateException("vocabulary has no " + token);
        }
        return id;
    }

    /** Ids between a start and an end mark; what goes beyond {@code tokensMax} is cut off. */
    int[] ids(String text, int tokensMax) {
        List<Integer> ids = new ArrayList<>();
        ids.add(start);
        for (String word : words(text)) {
            split(word, ids);
            if (ids.size() >= tokensMax) {
                break;
            }
        }
        if (ids.size() > tokensMax - 1) {
            ids.subList(tokensMax - 1, ids.size()).clear();
        }
        ids.add(end);
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** How many tokens the text is, without marks. */
    public int count(String text) {
        List<Integer> ids = new ArrayList<>();
        for (String word : words(text)) {
            split(word, ids);
        }
        return ids.size();
    }

    private void split(String word, List<Integer> ids) {
        if (word.codePointCount(0, word.length()) > WORD_CHARS_MAX) {
            ids.add(unknown);
            return;
        }
        int before = ids.size();
        int from = 0;
        while (from < word.length()) {
            Map<String, Integer> known = from == 0 ? words : pieces;
            int to = word.length();
            Integer id = known.get(word.substring(from, to));
            while (id == null && --to > from) {
                id = known.get(word.substring(from, to));
            }
            if (id == null) {
                ids.subList(before, ids.size()).clear();
                ids.add(unknown);
                return;
            }
            ids.add(id);
            from = to;
        }
    }

    private static List<String> words(String text) {
        String plain = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFD);
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        plain.codePoints()
                .forEach(c -> {
                    if (isSpace(c)) {
                        flush(word, words);
                    } else if (isCjk(c) || isPunctuation(c)) {
                        flush(word, words);
                        words.add(Character.toString(c));
                    } else if (!isDropped(c)) {
                        word.appendCodePoint(Character.toLowerCase(c));
                    }
                });
        flush(word, words);
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static boolean isSpace(int c) {
        return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
    }

    /** Controls, formats, private and unassigned characters, and the accents NFD set free. */
    private static boolean isDropped(int c) {
        return c == 0xFFFD
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.PRIVATE_USE,
                            Character.SURROGATE,
                            Character.UNASSIGNED,
                            Character.NON_SPACING_MARK ->
                            true;
                    default -> false;
                };
    }

    private static boolean isPunctuation(int c) {
        if (c < 128) {
            return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                    true;
            default -> false;
        };
    }

    private static boolean isCjk(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B81F)
                || (c >= 0x2B820 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }
}
