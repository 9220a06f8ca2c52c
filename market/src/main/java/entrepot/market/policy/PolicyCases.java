package entrepot.market.policy;

import entrepot.market.Order;
import entrepot.market.catalog.Supplier.Channel;
import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Questions with the answers that their writer expects of the policies: {@code tests.yaml}. */
public final class PolicyCases {

    /** Its usual name within the folder. */
    public static final String FILE = "tests.yaml";

    private static final List<String> CALLS = List.of("allow", "deny");
    private static final List<String> TOOLS = List.of("allow", "ask", "deny");
    private static final List<String> EFFECTS = List.of("read", "keyed", "once");
    private static final String TIME_MISSING =
            "policies read the time: add context: {time: 2026-02-27T10:00:00Z}";
    private static final List<String> APIS = List.of("stateless", "stateful", "platform");

    private PolicyCases() {}

    /**
     * How one case came out.
     *
     * @param difference what was expected and what came; null when they are the same
     */
    public record Outcome(String name, @Nullable String difference) {}

    /**
     * Asks a folder's policies.
     *
     * @param file as it is to stand in complaints
     * @throws YamlInvalid with all that is wrong with the cases, each with line and column
     */
    public static List<Outcome> run(PolicyFolder folder, String file, String text) {
        PolicySnapshot policies = folder.get();
        YamlFile yaml = YamlFile.parse(file, text);
        var cases = new ArrayList<Case>();
        YamlValue list = yaml.root().required("tests", "[{principal: …, model: …, expect: …}]");
        if (list != null) {
            for (YamlValue item : list.list()) {
                Case read = read(item, cases.size() + 1, policies);
                if (read != null) {
                    cases.add(read);
                }
            }
        }
        yaml.root().noOthers();
        yaml.done();
        return cases.stream().map(each -> outcome(each, policies)).toList();
    }

    /**
     * @param word allow, ask or deny
     * @param reasons null when any will do
     * @param wouldRefuse null when anything will do
     */
    private record Case(
            String name,
            Inquiry inquiry,
            String word,
            @Nullable Set<String> reasons,
            @Nullable Set<String> wouldRefuse) {}

    /** What a case asks. */
    private sealed interface Inquiry {
        record OfCall(Asked asked) implements Inquiry {}

        record OfTool(ToolUse use, Instant at) implements Inquiry {}
    }

    private record Came(String word, String text, Set<String> reasons, Set<String> wouldRefuse) {}

    private static Came came(Inquiry inquiry, PolicySnapshot policies) {
        return switch (inquiry) {
            case Inquiry.OfCall call -> {
                Decision came = policies.decide(call.asked());
                yield new Came(
                        came.verdict().passed() ? "allow" : "deny",
                        came.verdict().text(),
                        came.reasons(),
                        came.wouldRefuse());
            }
            case Inquiry.OfTool tool -> {
                ToolRuling came = policies.tools().judge(tool.use(), tool.at());
                String word = came.outcome().word();
                yield new Came(
                        word,
                        came.text().isEmpty() ? word : came.text(),
                        came.reasons(),
                        came.wouldRefuse());
            }
        };
    }

    private static Outcome outcome(Case expected, PolicySnapshot policies) {
        Came came = came(expected.inquiry, policies);
        var differences = new ArrayList<String>();
        if (!came.word().equals(expected.word)) {
            differences.add("expected %s, but: %s".formatted(expected.word, came.text()));
        }
        compare("reasons", expected.reasons, came.reasons(), differences);
        compare("would_refuse", expected.wouldRefuse, came.wouldRefuse(), differences);
        return new Outcome(
                expected.name, differences.isEmpty() ? null : String.join("; ", differences));
    }

    private static void compare(
            String what,
            @Nullable Set<String> expected,
            Set<String> came,
            List<String> differences) {
        if (expected != null && !expected.equals(came)) {
            differences.add(
                    "expected %s %s, but they are %s"
                            .formatted(what, new TreeSet<>(expected), new TreeSet<>(came)));
        }
    }

    private static @Nullable Case read(YamlValue item, int number, PolicySnapshot policies) {
        YamlMap map = item.map();
        String name = Objects.requireNonNullElse(text(map, "name"), "case " + number);
        YamlValue who = map.required("principal", "{tenant: acme, team: core, name: ada}");
        YamlValue tool = map.get("tool");
        YamlValue expect = map.required("expect", "allow");
        String expected = expect == null ? null : expect.oneOf(tool == null ? CALLS : TOOLS);
        Set<String> reasons = texts(map, "reasons");
        Set<String> wouldRefuse = texts(map, "would_refuse");
        Inquiry inquiry =
                who == null
                        ? null
                        : tool == null
                                ? call(map, who.map(), policies)
                                : tool(map, who.map(), tool, policies);
        map.noOthers();
        return inquiry == null || expected == null
                ? null
                : new Case(name, inquiry, expected, reasons, wouldRefuse);
    }

    private static @Nullable Inquiry call(YamlMap map, YamlMap who, PolicySnapshot policies) {
        YamlValue model = map.required("model", "acme/one");
        YamlValue context = map.get("context");
        String id = model == null ? null : model.text();
        if (model == null || id == null) {
            return null;
        }
        if (id.indexOf('/') < 1) {
            model.complain("must have the form vendor/name");
            return null;
        }
        return new Inquiry.OfCall(
                asked(map, who, id, context == null ? null : context.map(), policies));
    }

    private static @Nullable Inquiry tool(
            YamlMap map, YamlMap who, YamlValue tool, PolicySnapshot policies) {
        YamlValue within = map.get("context");
        YamlMap context = within == null ? null : within.map();
        String id = tool.text();
        int slash = id == null ? -1 : id.indexOf('/');
        if (id != null && slash < 1) {
            tool.complain("must have the form server/name");
        }
        String effect = oneOf(map, "effect", EFFECTS);
        String tenant = said(who, "tenant", "default");
        String team = said(who, "team", "default");
        String principal = said(who, "name", "nobody");
        who.noOthers();
        String arguments = said(map, "arguments", "{}");
        String agent = said(context, "agent", "agent_1");
        String session = said(context, "session", "sess_1");
        Instant time = context == null ? null : time(context.get("time"));
        if (context != null) {
            context.noOthers();
        }
        if (time == null && policies.tools().readsTime()) {
            map.complain(TIME_MISSING);
        }
        return id == null || slash < 1
                ? null
                : new Inquiry.OfTool(
                        new ToolUse(
                                tenant,
                                team,
                                principal,
                                id.substring(0, slash),
                                id.substring(slash + 1),
                                effect == null ? "once" : effect,
                                agent,
                                session,
                                arguments),
                        time == null ? Instant.EPOCH : time);
    }

    private static Asked asked(
            YamlMap map,
            YamlMap who,
            String model,
            @Nullable YamlMap context,
            PolicySnapshot policies) {
        String tenant = text(who, "tenant");
        String team = text(who, "team");
        String principal = text(who, "name");
        who.noOthers();
        String api = context == null ? null : oneOf(context, "api", APIS);
        String channel = said(context, "channel", model.substring(0, model.indexOf('/')));
        String first =
                context == null ? null : oneOf(context, "first_party", List.of("true", "false"));
        Instant time = context == null ? null : time(context.get("time"));
        if (time == null && policies.reads().time()) {
            map.complain(TIME_MISSING);
        }
        var asked =
                new Asked(
                        tenant == null ? "default" : tenant,
                        team == null ? "default" : team,
                        principal == null ? "nobody" : principal,
                        model,
                        said(context, "supplier", channel),
                        new Channel(
                                channel,
                                first == null ? null : (Boolean) first.equals("true"),
                                context == null ? null : text(context, "region"),
                                context == null ? null : text(context, "territory"),
                                context == null ? null : text(context, "processor"),
                                true,
                                false),
                        api == null
                                ? Order.ApiKind.STATELESS
                                : Order.ApiKind.valueOf(api.toUpperCase(Locale.ROOT)),
                        said(context, "storefront", "openai.chat"),
                        context == null ? null : text(context, "project"),
                        context == null ? null : text(context, "data_class"),
                        time);
        if (context != null) {
            context.noOthers();
        }
        return asked;
    }

    private static @Nullable Instant time(@Nullable YamlValue value) {
        String text = value == null ? null : value.text();
        if (value == null || text == null) {
            return null;
        }
        try {
            return Instant.parse(text).truncatedTo(ChronoUnit.HOURS);
        } catch (DateTimeException e) {
            value.complain("must be a time such as 2026-02-27T10:00:00Z");
            return null;
        }
    }

    private static String said(@Nullable YamlMap map, String key, String otherwise) {
        String text = map == null ? null : text(map, key);
        return text == null ? otherwise : text;
    }

    private static @Nullable String text(YamlMap map, String key) {
        YamlValue value = map.get(key);
        return value == null ? null : value.text();
    }

    private static @Nullable String oneOf(YamlMap map, String key, List<String> words) {
        YamlValue value = map.get(key);
        return value == null ? null : value.oneOf(words);
    }

    private static @Nullable Set<String> texts(YamlMap map, String key) {
        YamlValue list = map.get(key);
        if (list == null) {
            return null;
        }
        var texts = new TreeSet<String>();
        for (YamlValue item : list.list()) {
            String text = item.text();
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }
}
