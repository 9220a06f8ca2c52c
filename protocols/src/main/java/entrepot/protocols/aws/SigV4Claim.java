package entrepot.protocols.aws;

import entrepot.protocols.aws.CanonicalRequest.Parameter;
import entrepot.protocols.aws.SigV4Verdict.Reason;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request says of its own signature, in its Authorization header or its query; nothing of it
 * is verified yet.
 *
 * @param day of the credential's scope
 * @param query what of the query is signed
 * @param declaredHash what the request says of its body's hash
 * @param validFor of a presigned request
 */
record SigV4Claim(
        String accessKeyId,
        String day,
        AwsScope scope,
        List<String> signedHeaders,
        String signature,
        Instant signedAt,
        List<Parameter> query,
        @Nullable String declaredHash,
        @Nullable String sessionToken,
        @Nullable Duration validFor) {

    static final int AUTHORIZATION_CHARS_MAX = 16 * 1024;
    static final int ACCESS_KEY_ID_CHARS_MAX = 128;
    static final int SIGNED_HEADERS_MAX = 128;
    static final int EXPIRES_SECONDS_MAX = 7 * 24 * 3600;

    private static final String SIGNATURE_PARAMETER = "X-Amz-Signature";
    private static final String ALGORITHM_PARAMETER = "X-Amz-Algorithm";
    private static final List<String> PARTS = List.of("Credential", "SignedHeaders", "Signature");
    private static final int SCOPE_PARTS = 4;
    private static final int EXPIRES_CHARS_MAX = 6;

    /** Whose credential, and where it is good. */
    private record Credential(String accessKeyId, String day, AwsScope scope) {}

    /**
     * @throws SigV4Refusal when there is none, or it cannot be read
     */
    static SigV4Claim of(AwsRequest request) {
        List<Parameter> query = parameters(request);
        boolean presigned =
                query.stream()
                        .map(Parameter::name)
                        .anyMatch(n ->
                                n.equals(SIGNATURE_PARAMETER) || n.equals(ALGORITHM_PARAMETER));
        String authorization = one(request, SigV4.AUTHORIZATION);
        if (authorization == null && !presigned) {
            throw new SigV4Refusal(Reason.MISSING, "Missing Authentication Token");
        }
        if (authorization != null && presigned) {
            throw malformed("A request is signed in its Authorization or its query, not in both.");
        }
        return authorization == null ? ofQuery(request, query) : ofHeader(request, authorization);
    }

    private static SigV4Claim ofHeader(AwsRequest request, String authorization) {
        if (authorization.length() > AUTHORIZATION_CHARS_MAX) {
            throw malformed(
                    "Authorization is over " + AUTHORIZATION_CHARS_MAX + " characters long.");
        }
        int space = authorization.indexOf(' ');
        algorithm(space < 0 ? authorization : authorization.substring(0, space));
        Map<String, String> parts = parts(authorization.substring(Math.max(space, 0)));
        Credential credential = credential(part(parts, "Credential"));
        return new SigV4Claim(
                credential.accessKeyId(),
                credential.day(),
                credential.scope(),
                signedHeaders(part(parts, "SignedHeaders")),
                signature(part(parts, "Signature")),
                signedAt(request),
                parameters(request),
                one(request, SigV4.CONTENT_SHA_256),
                one(request, SigV4.SECURITY_TOKEN),
                null);
    }

    private static SigV4Claim ofQuery(AwsRequest request, List<Parameter> query) {
        algorithm(required(query, ALGORITHM_PARAMETER));
        Credential credential = credential(required(query, "X-Amz-Credential"));
        String hash = one(request, SigV4.CONTENT_SHA_256);
        return new SigV4Claim(
                credential.accessKeyId(),
                credential.day(),
                credential.scope(),
                signedHeaders(required(query, "X-Amz-SignedHeaders")),
                signature(required(query, SIGNATURE_PARAMETER)),
                basicTime("X-Amz-Date", required(query, "X-Amz-Date")),
                query.stream().filter(p -> !p.name().equals(SIGNATURE_PARAMETER)).toList(),
                hash != null ? hash : optional(query, "X-Amz-Content-Sha256"),
                optional(query, "X-Amz-Security-Token"),
                expires(required(query, "X-Amz-Expires")));
    }

    private static List<Parameter> parameters(AwsRequest request) {
        try {
            return CanonicalRequest.parameters(request.query());
        } catch (IllegalArgumentException e) {
            throw malformed("The query cannot be read: " + e.getMessage() + ".");
        }
    }

    private static void algorithm(String algorithm) {
        if (!algorithm.equals(SigV4.ALGORITHM)) {
            throw algorithm.startsWith("AWS4-")
                    ? new SigV4Refusal(
                            Reason.UNSUPPORTED, "Sign with " + SigV4.ALGORITHM + ", nothing else.")
                    : malformed("The signature's algorithm must be " + SigV4.ALGORITHM + ".");
        }
    }

    private static Map<String, String> parts(String text) {
        var parts = new HashMap<String, String>();
        for (String part : text.split(",", PARTS.size() + 1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            if (!PARTS.contains(name) || equals < 0) {
                throw malformed("Authorization has a part that is none of " + PARTS + ".");
            }
            if (parts.put(name, part.substring(equals + 1).strip()) != null) {
                throw malformed("Authorization has more than one '" + name + "'.");
            }
        }
        return parts;
    }

    private static String part(Map<String, String> parts, String name) {
        String value = parts.get(name);
        if (value == null) {
            throw malformed("Authorization header requires '" + name + "' parameter.");
        }
        return value;
    }

    /** The last four parts are the scope: an access key id may hold slashes. */
    private static Credential credential(String credential) {
        String[] parts = credential.split("/", -1);
        int from = parts.length - SCOPE_PARTS;
        if (from < 1 || !parts[parts.length - 1].equals(SigV4.TERMINATOR)) {
            throw malformed(
                    "Credential must be <access key id>/YYYYMMDD/<region>/<service>/"
                            + SigV4.TERMINATOR
                            + ".");
        }
        String accessKeyId = String.join("/", List.of(parts).subList(0, from));
        if (accessKeyId.isEmpty() || accessKeyId.length() > ACCESS_KEY_ID_CHARS_MAX) {
            throw malformed(
                    "The access key id must have 1 to " + ACCESS_KEY_ID_CHARS_MAX + " characters.");
        }
        try {
            AwsScope scope = new AwsScope(parts[from + 1], parts[from + 2]);
            return new Credential(accessKeyId, parts[from], scope);
        } catch (IllegalArgumentException e) {
            throw malformed("Credential must name a region and a service, and not S3.");
        }
    }

    private static List<String> signedHeaders(String text) {
        List<String> names = List.of(text.split(";", SIGNED_HEADERS_MAX + 1));
        if (names.size() > SIGNED_HEADERS_MAX) {
            throw malformed("SignedHeaders names over " + SIGNED_HEADERS_MAX + " headers.");
        }
        String before = "";
        for (String name : names) {
            boolean small = name.chars().allMatch(c -> c > ' ' && c < 0x7f && (c < 'A' || c > 'Z'));
            if (!small || name.compareTo(before) <= 0) {
                throw malformed("SignedHeaders must be small letters, sorted, each name once.");
            }
            before = name;
        }
        return names;
    }

    private static String signature(String text) {
        if (!Digests.isHex(text)) {
            throw malformed("Signature must be 64 small hexadecimal digits.");
        }
        return text;
    }

    private static Instant signedAt(AwsRequest request) {
        String time = one(request, SigV4.DATE);
        if (time != null) {
            return basicTime(SigV4.DATE, time);
        }
        String date = one(request, "date");
        if (date == null) {
            throw malformed(
                    "Authorization requires existence of either a 'X-Amz-Date' or a 'Date'"
                            + " header.");
        }
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
        } catch (DateTimeException e) {
            return basicTime("date", date);
        }
    }

    private static Instant basicTime(String name, String time) {
        try {
            return SigV4.instant(time);
        } catch (DateTimeException e) {
            throw malformed(name + " must be a time such as 20150830T123600Z.");
        }
    }

    private static Duration expires(String text) {
        boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (digits && !text.isEmpty() && text.length() <= EXPIRES_CHARS_MAX) {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= EXPIRES_SECONDS_MAX) {
                return Duration.ofSeconds(seconds);
            }
        }
        throw malformed("X-Amz-Expires must be 1 to " + EXPIRES_SECONDS_MAX + " seconds.");
    }

    private static @Nullable String one(AwsRequest request, String header) {
        List<String> values = request.values(header);
        if (values.size() > 1) {
            throw malformed("The request has more than one header " + header + ".");
        }
        return values.isEmpty() ? null : values.getFirst().strip();
    }

    private static String required(List<Parameter> query, String name) {
        String value = optional(query, name);
        if (value == null) {
            throw malformed("The query of a presigned request requires " + name + ".");
        }
        return value;
    }

    private static @Nullable String optional(List<Parameter> query, String name) {
        List<String> values =
                query.stream().filter(p -> p.name().equals(name)).map(Parameter::value).toList();
        if (values.size() > 1) {
            throw malformed("The query has " + name + " more than once.");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    private static SigV4Refusal malformed(String message) {
        return new SigV4Refusal(Reason.MALFORMED, message);
    }

    @Override
    public String toString() {
        return accessKeyId + " for " + scope;
    }
}
