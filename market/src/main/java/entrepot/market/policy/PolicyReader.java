package entrepot.market.policy;

import entrepot.market.policy.Asked.Reads;
import entrepot.market.policy.Policy.Mode;
import entrepot.market.yaml.Problem;
import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;
import entrepot.market.yaml.YamlValue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** Turns the texts of a folder into a snapshot, or into everything that is wrong with them. */
final class PolicyReader {

    /** Holds {@code mode: log} when no policy of the folder is to decide yet. */
    static final String SETTINGS = "policies.yaml";

    private static final Logger log = LoggerFactory.getLogger(PolicyReader.class);
    private static final int POLICIES_MAX = 2_000;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}");

    private final Runnable library;

    /**
     * @param library loads the engine's native library, or throws {@link EngineMissing}; run when
     *     there is a first policy
     */
    PolicyReader(Runnable library) {
        this.library = library;
    }

    /**
     * @param texts by file name
     * @throws PoliciesInvalid with every problem of the folder, each with line and column
     * @throws EngineMissing when there are policies and no engine
     */
    PolicySnapshot read(SortedMap<String, String> texts) {
        var problems = new ArrayList<Problem>();
        var folder = mode(texts.getOrDefault(SETTINGS, ""), problems);
        var statements = new ArrayList<Statement>();
        texts.forEach((name, text) -> {
            if (!name.equals(SETTINGS)) {
                statements.addAll(Statement.split(name, text));
            }
        });
        if (statements.isEmpty()) {
            refuse(problems);
            return PolicySnapshot.none(version(texts));
        }
        if (statements.size() > POLICIES_MAX) {
            Statement last = statements.get(POLICIES_MAX);
            problems.add(last.problem(0, "", "there may be " + POLICIES_MAX + " policies at most"));
            throw new PoliciesInvalid(problems);
        }
        library.run();
        var policies = new LinkedHashMap<String, Policy>();
        var byId = new LinkedHashMap<String, Statement>();
        Reads calls = Reads.NOTHING;
        Reads tools = Reads.NOTHING;
        for (Statement statement : statements) {
            Cedar.Parsed parsed = Cedar.parse(statement, problems);
            if (parsed != null) {
                calls = parsed.about().calls() ? calls.and(parsed.reads()) : calls;
                tools = parsed.about().tools() ? tools.and(parsed.reads()) : tools;
                add(policy(parsed, folder, problems), statement, policies, byId, problems);
            }
        }
        refuse(problems);
        check(policies, byId, problems);
        return PolicySnapshot.of(
                version(texts), new PolicySnapshot.Loaded(policies, byId, calls, tools));
    }

    /** What names no tool is checked against calls alone, so that it may speak of all of a call. */
    private static void check(
            Map<String, Policy> policies, Map<String, Statement> byId, List<Problem> problems) {
        var warnings = new ArrayList<Problem>();
        var calls = new LinkedHashMap<String, Statement>();
        var tools = new LinkedHashMap<String, Statement>();
        policies.forEach((id, policy) -> {
            Statement statement = byId.get(id);
            if (statement != null) {
                (policy.about().tools() ? tools : calls).put(id, statement);
            }
        });
        problems.addAll(Cedar.validate(calls, false, warnings));
        problems.addAll(Cedar.validate(tools, true, warnings));
        refuse(problems);
        warnings.forEach(warning -> log.warn("{}", warning));
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new PoliciesInvalid(
                    problems.stream()
                            .distinct()
                            .sorted(
                                    Comparator.comparing(Problem::file)
                                            .thenComparingInt(Problem::line)
                                            .thenComparingInt(Problem::column))
                            .toList());
        }
    }

    private static void add(
            Policy policy,
            Statement statement,
            Map<String, Policy> policies,
            Map<String, Statement> byId,
            List<Problem> problems) {
        Policy before = policies.putIfAbsent(policy.id(), policy);
        if (before != null) {
            problems.add(
                    statement.problem(
                            0,
                            policy.id(),
                            "this @id stands already in "
                                    + before.file()
                                    + ":"
                                    + before.line()
                                    + ": give each policy its own"));
        }
        byId.putIfAbsent(policy.id(), statement);
    }

    private static Policy policy(Cedar.Parsed parsed, Mode folder, List<Problem> problems) {
        Statement statement = parsed.statement();
        Map<String, String> annotations = parsed.annotations();
        String id = annotations.get("id");
        if (id == null) {
            id = statement.file() + ":" + statement.line();
        } else if (!ID.matcher(id).matches()) {
            problems.add(
                    statement.problem(
                            0, "", "@id must be letters, digits and . _ : / -, at most 100"));
        }
        String word = annotations.get("mode");
        Mode mode = word == null ? folder : mode(parsed, id, word, problems);
        return new Policy(
                id,
                parsed.permits(),
                parsed.about(),
                mode,
                statement.file(),
                statement.line(),
                annotations.get("remedy"));
    }

    private static Mode mode(Cedar.Parsed parsed, String id, String word, List<Problem> problems) {
        Statement statement = parsed.statement();
        for (Mode mode : Mode.values()) {
            if (word.equals(mode.word())) {
                boolean asks = !parsed.permits() && parsed.about() == Policy.About.TOOLS;
                if (mode == Mode.ASK && !asks) {
                    problems.add(
                            statement.problem(
                                    0,
                                    id,
                                    "@mode(\"ask\") is for a forbid with action =="
                                            + " Entrepot::Action::\"use_tool\""));
                }
                return mode;
            }
        }
        problems.add(statement.problem(0, id, "@mode must be \"log\", \"enforce\" or \"ask\""));
        return Mode.ENFORCE;
    }

    private static Mode mode(String text, List<Problem> problems) {
        try {
            YamlFile yaml = YamlFile.parse(SETTINGS, text);
            YamlValue value = yaml.root().get("mode");
            String word = value == null ? null : value.oneOf(List.of("enforce", "log"));
            yaml.root().noOthers();
            yaml.done();
            return "log".equals(word) ? Mode.LOG : Mode.ENFORCE;
        } catch (YamlInvalid e) {
            problems.addAll(e.problems());
            return Mode.ENFORCE;
        }
    }

    private static String version(SortedMap<String, String> texts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            texts.forEach((name, text) -> {
                sha.update((name + "\0" + text.length() + "\0").getBytes(StandardCharsets.UTF_8));
                sha.update(text.getBytes(StandardCharsets.UTF_8));
            });
            return HexFormat.of().formatHex(sha.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
