package entrepot.market.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.loader.LibraryLoader;
import com.cedarpolicy.model.DetailedError;
import com.cedarpolicy.model.Effect;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.ValidationResponse;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;

import entrepot.conversation.Failure;
import entrepot.market.policy.Asked.Reads;
import entrepot.market.yaml.Problem;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and checks policies with Cedar's own parser and validator. */
final class Cedar {

    private static final String SCHEMA = "entrepot.cedarschema";
    private static final String TOOLS_SCHEMA = "tools.cedarschema";
    private static final String USE_TOOL = "use_tool";
    private static final Pattern ATTRIBUTE = Pattern.compile("\"attr\":\"(\\w+)\"");
    private static final Pattern CONTEXT = Pattern.compile("\\{\"Var\":\"context\"\\}");
    private static final Pattern OF_CONTEXT =
            Pattern.compile("\"left\":\\{\"Var\":\"context\"\\},\"attr\":\"");
    private static final Pattern PREFIX =
            Pattern.compile("^(Internal error: |Internal JNI Error: |for policy `[^`]*`, )+");

    private Cedar() {}

    /**
     * Loads the native library.
     *
     * @throws EngineMissing when there is none for this system
     */
    static void load() {
        try {
            LibraryLoader.loadLibrary();
        } catch (LinkageError | RuntimeException e) {
            throw new EngineMissing(
                    "Cedar's native library cannot be loaded on "
                            + System.getProperty("os.name")
                            + " "
                            + System.getProperty("os.arch")
                            + " ("
                            + e
                            + "). It is there for Linux with glibc, macOS and Windows. Run on one"
                            + " of these, or set CEDAR_JAVA_FFI_LIB to a build of the library, or"
                            + " take the policies away",
                    e);
        }
    }

    /** The schema, as Cedar writes it, with what is said of tools within the namespace or not. */
    private static String schema(boolean tools) {
        String calls = resource(SCHEMA);
        int end = calls.lastIndexOf('}');
        return tools ? calls.substring(0, end) + resource(TOOLS_SCHEMA) + "}\n" : calls;
    }

    private static String resource(String name) {
        try (InputStream stream = Cedar.class.getResourceAsStream(name)) {
            return new String(
                    Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A policy that could be parsed.
     *
     * @param annotations as written, by name
     */
    record Parsed(
            Statement statement,
            boolean permits,
            Policy.About about,
            Map<String, String> annotations,
            Reads reads) {}

    /** Parses one policy, or notes what is wrong with it. */
    static @Nullable Parsed parse(Statement statement, List<Problem> problems) {
        var policy = new com.cedarpolicy.model.policy.Policy(statement.text(), "policy");
        try {
            String json = policy.toJson();
            return new Parsed(
                    statement,
                    policy.effect() == Effect.PERMIT,
                    about(json),
                    Map.copyOf(policy.getAnnotations()),
                    reads(json));
        } catch (InternalException e) {
            String message = message(e);
            int offset = SyntaxErrors.offset(statement.text(), message, Cedar::complaint);
            problems.add(statement.problem(offset, "", message));
            return null;
        }
    }

    private static @Nullable String complaint(String text) {
        try {
            String json = new com.cedarpolicy.model.policy.Policy(text, "policy").toJson();
            return json.isEmpty() ? "empty" : null;
        } catch (InternalException e) {
            return message(e);
        }
    }

    private static String message(InternalException e) {
        return told(String.join("; ", e.getErrors()));
    }

    private static String told(String message) {
        return PREFIX.matcher(message).replaceFirst("");
    }

    /** Which actions a policy's head names. */
    private static Policy.About about(String json) {
        Set<String> named = new HashSet<>();
        Json.read(json, Failure.Cause.INTERNAL)
                .path("action")
                .findValues("id")
                .forEach(id -> named.add(id.asString("")));
        if (!named.contains(USE_TOOL)) {
            return Policy.About.CALLS;
        }
        return named.size() == 1 ? Policy.About.TOOLS : Policy.About.BOTH;
    }

    /** Reads {@code context.time} and the like out of a policy in JSON. */
    private static Reads reads(String json) {
        if (CONTEXT.matcher(json).results().count() > OF_CONTEXT.matcher(json).results().count()) {
            return Reads.ALL; // the context as a whole
        }
        Set<String> names = new HashSet<>();
        Matcher attributes = ATTRIBUTE.matcher(json);
        while (attributes.find()) {
            names.add(attributes.group(1));
        }
        return new Reads(
                names.contains("storefront"),
                names.contains("project"),
                names.contains("data_class"),
                names.contains("time"));
    }

    /**
     * Checks policies against the schema.
     *
     * @param statements by the policies' ids
     * @param tools whether they may speak of tools
     * @param warnings gets what is allowed but of no use
     */
    static List<Problem> validate(
            Map<String, Statement> statements, boolean tools, List<Problem> warnings) {
        var problems = new ArrayList<Problem>();
        if (statements.isEmpty()) {
            return problems;
        }
        try {
            Schema schema = Schema.parse(Schema.JsonOrCedar.Cedar, schema(tools));
            ValidationResponse response =
                    new BasicAuthorizationEngine()
                            .validate(new ValidationRequest(schema, set(statements)));
            response.success.ifPresent(checked -> {
                checked.validationErrors.forEach(each -> problems.add(problem(statements, each)));
                checked.validationWarnings.forEach(each -> warnings.add(problem(statements, each)));
            });
            response.errors.ifPresent(errors ->
                    errors.forEach(each -> problems.add(unplaced(statements, told(each.message)))));
        } catch (AuthException e) {
            problems.add(unplaced(statements, told(String.valueOf(e.getMessage()))));
        }
        return problems;
    }

    static PolicySet set(Map<String, Statement> statements) {
        var policies = new HashSet<com.cedarpolicy.model.policy.Policy>();
        statements.forEach((id, each) ->
                policies.add(new com.cedarpolicy.model.policy.Policy(each.text(), id)));
        return new PolicySet(policies);
    }

    private static Problem problem(
            Map<String, Statement> statements, ValidationResponse.ValidationError found) {
        DetailedError error = found.getError();
        Statement statement = statements.get(found.getPolicyId());
        String help = error.help.map(words -> "; " + told(words)).orElse("");
        String message = told(error.message) + help + advice(statement, error.message);
        if (statement == null) {
            return unplaced(statements, message);
        }
        int at = error.sourceLocations.isEmpty() ? 0 : error.sourceLocations.getFirst().start;
        return statement.problem(statement.letters(at), found.getPolicyId(), message);
    }

    private static String advice(@Nullable Statement statement, String message) {
        boolean ofTools = message.contains("Entrepot::Tool") || message.contains(USE_TOOL);
        boolean named = statement != null && statement.text().contains("\"" + USE_TOOL + "\"");
        return ofTools && !named
                ? "; a policy of tools has action == Entrepot::Action::\"use_tool\" in its head"
                : "";
    }

    private static Problem unplaced(Map<String, Statement> statements, String message) {
        return statements.values().iterator().next().problem(0, "", message);
    }
}
