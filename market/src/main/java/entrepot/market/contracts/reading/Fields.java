package entrepot.market.contracts.reading;

import entrepot.market.Money;
import entrepot.market.contracts.Party;
import entrepot.market.contracts.Source;
import entrepot.market.contracts.Source.Document;
import entrepot.market.yaml.Spelling;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The members of one mapping of a contract. What cannot be read is complained about and comes back
 * as something harmless: a file with a complaint is not used.
 */
final class Fields {

    static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    static final String ID_HINT = "an id is at most 64 small letters, digits and . _ -";

    private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern MODELS =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*/(\\*|[A-Za-z0-9][A-Za-z0-9._:@/-]*)");
    private static final String CHANNEL_HINT = "must be a channel's name, such as azure";
    private static final Pattern TERRITORY = Pattern.compile("[A-Z]{2}");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final Source NO_SOURCE =
            new Source(new Document("none", "none", null, null, null), null, null, null);

    /** What of the contract the members refer to. */
    record Context(
            String contract,
            String currency,
            ZoneId zone,
            Map<String, Party> parties,
            Map<String, Document> documents,
            @Nullable Instant learned) {}

    final YamlMap map;
    private final Context context;

    Fields(YamlMap map, Context context) {
        this.map = map;
        this.context = context;
    }

    @Nullable String text(String key) {
        YamlValue value = map.get(key);
        return value == null ? null : value.text();
    }

    String required(String key, String example) {
        YamlValue value = map.required(key, example);
        String text = value == null ? null : value.text();
        return text == null ? "" : text;
    }

    /** The word of one of an enum's constants; the fallback when absent, or required without. */
    <E extends Enum<E>> E word(String key, Class<E> type, @Nullable E fallback) {
        E[] constants = type.getEnumConstants();
        List<String> words = Arrays.stream(constants).map(Fields::word).toList();
        YamlValue value = fallback == null ? map.required(key, words.getFirst()) : map.get(key);
        String word = value == null ? null : value.oneOf(words);
        if (word == null) {
            return fallback == null ? constants[0] : fallback;
        }
        return constants[words.indexOf(word)];
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A list of words of an enum; empty when absent. */
    <E extends Enum<E>> Set<E> words(String key, Class<E> type) {
        var found = new LinkedHashSet<E>();
        E[] constants = type.getEnumConstants();
        List<String> words = Arrays.stream(constants).map(Fields::word).toList();
        for (YamlValue value : chosen(key)) {
            String word = value.oneOf(words);
            if (word != null) {
                found.add(constants[words.indexOf(word)]);
            }
        }
        return found;
    }

    boolean truth(String key, boolean fallback) {
        YamlValue value = map.get(key);
        String word = value == null ? null : value.oneOf(List.of("true", "false"));
        return word == null ? fallback : word.equals("true");
    }

    /** The values of a list, or the one value; empty when absent. */
    List<YamlValue> values(String key) {
        YamlValue value = map.get(key);
        if (value == null) {
            return List.of();
        }
        return value.isList() ? value.list() : List.of(value);
    }

    /** The same of what narrows a clause: leaving it out means all, so an empty list is refused. */
    private List<YamlValue> chosen(String key) {
        List<YamlValue> values = values(key);
        YamlValue value = map.get(key);
        if (value != null && values.isEmpty()) {
            value.complain("names nothing: name one at least, or leave '" + key + "' out");
        }
        return values;
    }

    private Set<String> matching(String key, Pattern pattern, String hint) {
        return matching(chosen(key), pattern, hint);
    }

    private static Set<String> matching(List<YamlValue> values, Pattern pattern, String hint) {
        var found = new LinkedHashSet<String>();
        for (YamlValue value : values) {
            String text = value.text();
            if (text != null && !pattern.matcher(text).matches()) {
                value.complain(hint + ", but is '" + text + "'");
            } else if (text != null && !found.add(text)) {
                value.complain("stands twice: drop one");
            }
        }
        return found;
    }

    Set<String> models(String key) {
        return matching(key, MODELS, "must be a model such as openai/gpt-5-mini, or openai/*");
    }

    Set<String> territories(String key) {
        Set<String> found =
                matching(key, TERRITORY, "must be a country of two capital letters, such as JP");
        for (YamlValue value : values(key)) {
            String text = value.isText() ? value.text() : null;
            if (text != null && TERRITORY.matcher(text).matches() && !COUNTRIES.contains(text)) {
                value.complain(
                        "'"
                                + text
                                + "' is no country of ISO 3166-1"
                                + (text.equals("UK") ? "; did you mean 'GB'?" : ""));
            }
        }
        return found;
    }

    Set<String> channels(String key) {
        return matching(key, CHANNEL, CHANNEL_HINT);
    }

    /** One model, not a pattern. */
    String model(String key) {
        String text = required(key, "openai/gpt-5-mini");
        YamlValue value = map.get(key);
        if (value != null && !text.isEmpty() && (text.endsWith("/*") || !isModels(text))) {
            value.complain("must be a model such as openai/gpt-5-mini, but is '" + text + "'");
        }
        return text;
    }

    private static boolean isModels(String text) {
        return MODELS.matcher(text).matches();
    }

    Set<String> names(String key) {
        var found = new LinkedHashSet<String>();
        for (YamlValue value : chosen(key)) {
            String text = value.text();
            if (text != null && !found.add(text)) {
                value.complain("stands twice: drop one");
            }
        }
        return found;
    }

    /** At least one. */
    Set<String> someChannels(String key, String example) {
        YamlValue value = map.required(key, "[" + example + "]");
        Set<String> found = matching(values(key), CHANNEL, CHANNEL_HINT);
        if (value != null && value.isList() && found.isEmpty()) {
            value.complain("must name at least one channel, such as " + example);
        }
        return found;
    }

    String channel(String key, String example) {
        YamlValue value = map.required(key, example);
        String text = value == null ? null : value.text();
        if (value != null && text != null && !CHANNEL.matcher(text).matches()) {
            value.complain(CHANNEL_HINT + ", but is '" + text + "'");
        }
        return text == null ? "" : text;
    }

    String party(String key) {
        YamlValue value = map.required(key, "one of the contract's parties");
        return value == null ? "" : party(value);
    }

    List<String> parties(String key) {
        var found = new ArrayList<String>();
        chosen(key).forEach(value -> found.add(party(value)));
        return found;
    }

    private String party(YamlValue value) {
        String id = value.text();
        if (id == null) {
            return "";
        }
        Set<String> known = context.parties().keySet();
        if (!known.contains(id)) {
            value.complain(
                    "no party of this contract has the id '"
                            + id
                            + "': add it under parties"
                            + Spelling.hint(id, known));
        }
        return id;
    }

    @Nullable Instant time(String key) {
        YamlValue value = map.get(key);
        return value == null ? null : Dates.instant(value, context.zone());
    }

    Instant requiredTime(String key) {
        YamlValue value = map.required(key, "2026-04-27");
        Instant time = value == null ? null : Dates.instant(value, context.zone());
        return time == null ? Instant.EPOCH : time;
    }

    /** When we learned of it: as said here, as said of the contract, or when it began. */
    Instant learned(Instant otherwise) {
        Instant learned = time("learned");
        if (learned != null) {
            return learned;
        }
        return context.learned() == null ? otherwise : context.learned();
    }

    @Nullable Period period(String key) {
        YamlValue value = map.get(key);
        return value == null ? null : Dates.period(value);
    }

    @Nullable Money money(String key) {
        YamlValue value = map.get(key);
        return value == null ? null : money(value);
    }

    Money requiredMoney(String key) {
        YamlValue value = map.required(key, "250 billion USD");
        Money money = value == null ? null : money(value);
        return money == null ? Money.zero(context.currency()) : money;
    }

    /** An amount, in the contract's currency. */
    private @Nullable Money money(YamlValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        Money money = Amounts.parse(text, context.currency());
        if (money == null) {
            value.complain("must be an amount such as 250 billion USD, but is '" + text + "'");
        } else if (!money.currency().equals(context.currency())) {
            value.complain(
                    "is in "
                            + money.currency()
                            + ", but the contract's currency is "
                            + context.currency()
                            + ": convert it, or put it into a contract of its own");
            return null;
        }
        return money;
    }

    @Nullable BigDecimal decimal(String key) {
        YamlValue value = map.get(key);
        return value == null ? null : value.decimal();
    }

    @Nullable BigDecimal percent(String key) {
        YamlValue value = map.get(key);
        BigDecimal percent = value == null ? null : value.decimal();
        if (value != null && percent != null && percent.compareTo(new BigDecimal(100)) > 0) {
            value.complain("is more than 100 percent");
        }
        return percent;
    }

    /** The clause of a reference, {@code contract/clause}; null when absent. */
    @Nullable String ref(String key) {
        YamlValue value = map.get(key);
        return value == null ? null : ref(value);
    }

    String requiredRef(String key) {
        YamlValue value = map.required(key, "contract/clause");
        return value == null ? "" : ref(value);
    }

    List<String> refs(String key) {
        var found = new ArrayList<String>();
        for (YamlValue value : values(key)) {
            String ref = ref(value);
            if (found.contains(ref)) {
                value.complain("stands twice: drop one");
            } else {
                found.add(ref);
            }
        }
        return found;
    }

    private String ref(YamlValue value) {
        String text = value.text();
        if (text == null) {
            return "";
        }
        String[] ids = text.split("/", -1);
        boolean good = ids.length <= 2;
        for (String id : ids) {
            good &= ID.matcher(id).matches();
        }
        if (!good) {
            value.complain("must name a clause: its id, or contract/clause, but is '" + text + "'");
        }
        return ids.length == 1 ? context.contract() + "/" + text : text;
    }

    /** The id of a document, or a mapping with its place within that. */
    Source source() {
        YamlValue value = map.required("source", "{document: …, section: …}");
        if (value == null) {
            return NO_SOURCE;
        }
        if (value.isText()) {
            return new Source(document(value), null, null, null);
        }
        var inner = new Fields(value.map(), context);
        YamlValue named = inner.map.required("document", "one of the contract's documents");
        var source =
                new Source(
                        named == null ? NO_SOURCE.document() : document(named),
                        inner.text("section"),
                        inner.text("quote"),
                        inner.url("url"));
        inner.map.noOthers();
        return source;
    }

    @Nullable String url(String key) {
        YamlValue value = map.get(key);
        var address = value == null ? null : value.address();
        return address == null ? null : address.toString();
    }

    private Document document(YamlValue value) {
        String id = value.text();
        if (id == null) {
            return NO_SOURCE.document();
        }
        Document document = context.documents().get(id);
        if (document == null) {
            value.complain(
                    "no document of this contract has the id '"
                            + id
                            + "': add it under documents"
                            + Spelling.hint(id, context.documents().keySet()));
            return NO_SOURCE.document();
        }
        return document;
    }

    Context context() {
        return context;
    }
}
