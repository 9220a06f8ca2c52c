package entrepot.market.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.AuthorizationSuccessResponse;
import com.cedarpolicy.model.entity.Entities;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.DateTime;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Decides by one set of policies. A decision costs 50 to 300 µs: see {@link Decisions}. */
final class Engine {

    private static final EntityTypeName TENANT = type("Tenant");
    private static final EntityTypeName TEAM = type("Team");
    private static final EntityTypeName PRINCIPAL = type("Principal");
    private static final EntityTypeName VENDOR = type("Vendor");
    private static final EntityTypeName MODEL = type("Model");
    private static final EntityTypeName TOOL = type("Tool");
    private static final EntityUID CALL = type("Action").of("call");
    private static final EntityUID USE_TOOL = type("Action").of("use_tool");

    private final BasicAuthorizationEngine cedar = new BasicAuthorizationEngine();
    private final Map<String, Statement> statements;

    private volatile PolicySet policies;

    Engine(Map<String, Statement> statements) {
        this.statements = Map.copyOf(statements);
        this.policies = cached();
    }

    /**
     * What the policies say.
     *
     * @param reasons ids of those that decided; none when none of them fits
     * @param failure why the answer is no although no policy said so; null when all went well. The
     *     next time it may be another
     */
    record Ruling(boolean allowed, Set<String> reasons, @Nullable String failure) {}

    /** A question in Cedar's words. */
    private record Put(AuthorizationRequest request, Entities entities) {}

    /** A policy that cannot be evaluated refuses, whichever way it would have decided. */
    Ruling rule(Asked asked) {
        return rule(put(asked));
    }

    /**
     * What the policies say of a use of a tool.
     *
     * @param hour when, to the full hour
     */
    Ruling rule(ToolUse use, Instant hour) {
        return rule(put(use, hour));
    }

    private Ruling rule(Put question) {
        try {
            return rule(question, policies);
        } catch (AuthException first) {
            try {
                policies = cached(); // Cedar keeps only so many sets
                return rule(question, policies);
            } catch (AuthException e) {
                return failed(e.getMessage());
            }
        }
    }

    private static Put put(Asked asked) {
        EntityUID team = TEAM.of(asked.tenant() + "/" + asked.team());
        EntityUID principal = PRINCIPAL.of(asked.tenant() + "/" + asked.principal());
        EntityUID model = MODEL.of(asked.model());
        var entities =
                new Entities(
                        Set.of(
                                new Entity(principal, Set.of(team)),
                                new Entity(team, Set.of(TENANT.of(asked.tenant()))),
                                new Entity(model, Set.of(VENDOR.of(asked.vendor())))));
        return new Put(new AuthorizationRequest(principal, CALL, model, context(asked)), entities);
    }

    private static Put put(ToolUse use, Instant hour) {
        EntityUID team = TEAM.of(use.tenant() + "/" + use.team());
        EntityUID principal = PRINCIPAL.of(use.tenant() + "/" + use.principal());
        EntityUID tool = TOOL.of(use.name());
        var entities =
                new Entities(
                        Set.of(
                                new Entity(principal, Set.of(team)),
                                new Entity(team, Set.of(TENANT.of(use.tenant()))),
                                new Entity(tool, attributes(use), Set.of())));
        Map<String, Value> context =
                Map.of(
                        "agent", text(use.agent()),
                        "session", text(use.session()),
                        "arguments", text(plain(use.arguments())),
                        "time", time(hour));
        return new Put(new AuthorizationRequest(principal, USE_TOOL, tool, context), entities);
    }

    private static Map<String, Value> attributes(ToolUse use) {
        return Map.of(
                "server", text(use.server()),
                "name", text(use.tool()),
                "effect", text(use.effect()));
    }

    /** The same JSON in one way of writing: no escape hides what a policy looks for. */
    private static String plain(String arguments) {
        try {
            byte[] written = Json.write(Json.read(arguments, Failure.Cause.INVALID_REQUEST));
            return new String(written, StandardCharsets.UTF_8);
        } catch (Failed notJson) {
            return arguments;
        }
    }

    private Ruling rule(Put question, PolicySet set) throws AuthException {
        AuthorizationResponse response =
                cedar.isAuthorized(question.request(), set, question.entities());
        Optional<AuthorizationSuccessResponse> success = response.success;
        if (success.isEmpty()) {
            throw new AuthException(String.valueOf(response));
        }
        var errors = success.get().getErrors();
        if (!errors.isEmpty()) {
            var error = errors.getFirst();
            return failed(error.getPolicyId() + ": " + error.getError().message);
        }
        var reasons = new TreeSet<>(success.get().getReason());
        return new Ruling(success.get().isAllowed(), reasons, null);
    }

    private static Ruling failed(@Nullable String why) {
        return new Ruling(false, Set.of(), String.valueOf(why));
    }

    private PolicySet cached() {
        PolicySet set = Cedar.set(statements);
        try {
            set.cache();
        } catch (CacheException e) {
            throw new IllegalStateException("Cedar does not take the policies: " + e, e);
        }
        return set;
    }

    private static Map<String, Value> context(Asked asked) {
        var context = new HashMap<String, Value>();
        context.put("api", text(asked.api().name().toLowerCase(Locale.ROOT)));
        context.put("storefront", text(asked.storefront()));
        context.put("channel", text(asked.channel().name()));
        context.put("supplier", text(asked.supplier()));
        context.put("first_party", new PrimBool(asked.channel().firstParty(asked.vendor())));
        put(context, "region", asked.channel().region());
        put(context, "territory", asked.channel().territory());
        put(context, "processor", asked.channel().processor());
        put(context, "project", asked.project());
        put(context, "data_class", asked.dataClass());
        if (asked.hour() != null) {
            context.put("time", time(asked.hour()));
        }
        return context;
    }

    private static void put(Map<String, Value> context, String name, @Nullable String value) {
        if (value != null) {
            context.put(name, text(value));
        }
    }

    private static Value time(Instant hour) {
        ZonedDateTime utc = hour.atZone(ZoneOffset.UTC);
        var time = new HashMap<String, Value>();
        time.put("at", new DateTime(hour.toString()));
        time.put("date", text(utc.toLocalDate().toString()));
        time.put("hour", new PrimLong(utc.getHour()));
        time.put("weekday", text(utc.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.US)));
        return new CedarMap(time);
    }

    private static Value text(String text) {
        return new PrimString(text);
    }

    private static EntityTypeName type(String name) {
        return EntityTypeName.parse("Entrepot::" + name).orElseThrow();
    }
}
