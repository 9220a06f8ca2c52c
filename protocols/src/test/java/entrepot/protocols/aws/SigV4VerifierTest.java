package entrepot.protocols.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.protocols.aws.AwsRequest.Header;
import entrepot.protocols.aws.SigV4Verdict.Reason;
import entrepot.protocols.aws.SigV4Verdict.Refused;
import entrepot.protocols.aws.SigV4Verdict.Verified;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

class SigV4VerifierTest {

    private static final Instant NOW = Instant.parse("2026-11-20T23:59:30Z");
    private static final String SECRET = "a+secret/of-nobody";
    private static final String KEY = "AKIDNOBODY";
    private static final AwsScope SCOPE = new AwsScope("us-east-1", "bedrock");
    private static final AwsCredentials CREDENTIALS = new AwsCredentials(KEY, SECRET, null);
    private static final SigV4Rules RULES = SigV4Rules.of("bedrock");
    private static final String EMPTY =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static AwsRequest plain(String path, Header... more) {
        var headers = new ArrayList<>(List.of(new Header("Host", "bedrock.example")));
        headers.addAll(List.of(more));
        return AwsRequest.of("POST", path, "", headers, "{}".getBytes(UTF_8));
    }

    private static AwsRequest signed(AwsRequest plain, AwsScope scope, Instant at) {
        return plus(plain, new SigV4Signer(scope, true).sign(plain, CREDENTIALS, at));
    }

    private static AwsRequest signed(Header... more) {
        return signed(plain("/model/m/converse", more), SCOPE, NOW);
    }

    private static AwsRequest plus(AwsRequest request, List<Header> more) {
        var headers = new ArrayList<>(request.headers());
        headers.addAll(more);
        return new AwsRequest(
                request.method(), request.path(), request.query(), headers, request.bodySha256());
    }

    private static AwsRequest query(AwsRequest request, String query) {
        return new AwsRequest(
                request.method(), request.path(), query, request.headers(), request.bodySha256());
    }

    /** The request with the values of one header changed, or without it when null. */
    private static AwsRequest changed(
            AwsRequest request, String name, UnaryOperator<@Nullable String> change) {
        var headers = new ArrayList<Header>();
        for (Header header : request.headers()) {
            String value =
                    header.name().equalsIgnoreCase(name)
                            ? change.apply(header.value())
                            : header.value();
            if (value != null) {
                headers.add(new Header(header.name(), value));
            }
        }
        return new AwsRequest(
                request.method(), request.path(), request.query(), headers, request.bodySha256());
    }

    private static AwsRequest authorized(String authorization) {
        return changed(signed(), "authorization", is -> authorization);
    }

    private static SigV4Verdict verify(AwsRequest request) {
        return verify(RULES, request, NOW);
    }

    private static SigV4Verdict verify(SigV4Rules rules, AwsRequest request, Instant now) {
        return new SigV4Verifier(rules, Map.of(KEY, SECRET)::get).verify(request, now);
    }

    private static void refused(SigV4Verdict verdict, Reason reason, String words) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(reason);
                            assertThat(refused.message()).contains(words).doesNotContain(SECRET);
                        });
    }

    private static void refused(AwsRequest request, Reason reason, String words) {
        refused(verify(request), reason, words);
    }

    @Test
    void anEncodedColonAndAPlainOneAreTwoPathsAndBothCanBeSigned() {
        for (String path : List.of("/model/a.b-v1:0/invoke", "/model/a.b-v1%3A0/invoke")) {
            assertThat(verify(signed(plain(path), SCOPE, NOW))).isInstanceOf(Verified.class);
        }
        AwsRequest plain = signed(plain("/model/a.b-v1:0/invoke"), SCOPE, NOW);
        var rewritten =
                new AwsRequest(
                        "POST",
                        "/model/a.b-v1%3A0/invoke",
                        "",
                        plain.headers(),
                        plain.bodySha256());
        refused(rewritten, Reason.SIGNATURE_WRONG, "proxy");
        assertThat(CanonicalRequest.path("/model/a.b-v1%3A0")).isEqualTo("/model/a.b-v1%253A0");
        assertThat(CanonicalRequest.path("/model/a.b-v1:0")).isEqualTo("/model/a.b-v1%3A0");
        assertThat(CanonicalRequest.path("/x%2Fy/../é")).isEqualTo("/%E9");
        assertThat(CanonicalRequest.path("")).isEqualTo("/");
        assertThat(CanonicalRequest.path("/../..")).isEqualTo("/");
    }

    @Test
    void saysWhatIsMissing() {
        refused(plain("/"), Reason.MISSING, "Missing Authentication Token");
        refused(authorized("Bearer x"), Reason.MALFORMED, "AWS4-HMAC-SHA256");
        refused(authorized("AWS4-HMAC-SHA256"), Reason.MALFORMED, "none of");
        refused(authorized("AWS4-ECDSA-P256-SHA256 x"), Reason.UNSUPPORTED, "AWS4-HMAC-SHA256");
        String signature = "Signature=" + EMPTY;
        String credential = "Credential=" + KEY + "/20261120/us-east-1/bedrock/aws4_request";
        String headers = "SignedHeaders=host;x-amz-content-sha256;x-amz-date";
        for (List<String> two :
                List.of(
                        List.of(credential, headers),
                        List.of(credential, signature),
                        List.of(headers, signature))) {
            refused(
                    authorized("AWS4-HMAC-SHA256 " + String.join(",", two)),
                    Reason.MALFORMED,
                    "requires");
        }
        String whole = "AWS4-HMAC-SHA256 " + String.join(",", credential, headers, signature);
        refused(authorized(whole), Reason.SIGNATURE_WRONG, "does not match");
        refused(authorized(whole + "," + signature), Reason.MALFORMED, "more than one");
        refused(authorized(whole + ",x=y"), Reason.MALFORMED, "none of");
        refused(authorized(whole.replace("e3b0", "E3B0")), Reason.MALFORMED, "hexadecimal");
        refused(authorized(whole.replace("aws4_request", "aws4")), Reason.MALFORMED, "YYYYMMDD");
        refused(authorized(whole.replace(KEY, "")), Reason.MALFORMED, "access key id");
        refused(authorized(whole.replace("/bedrock/", "/s3/")), Reason.MALFORMED, "S3");
        refused(authorized(whole.replace("host;", "Host;")), Reason.MALFORMED, "small");
        refused(authorized(whole.replace("host;", "y;host;")), Reason.MALFORMED, "sorted");
        refused(authorized(whole.replace("host;", "host;host;")), Reason.MALFORMED, "once");
        refused(authorized(whole.replace("-date", "-date;")), Reason.MALFORMED, "once");
        refused(authorized(whole.replace("host;", "")), Reason.HEADER_UNSIGNED, "Host");
        refused(authorized(whole.replace(";x-amz-date", "")), Reason.HEADER_UNSIGNED, "Date");
        refused(authorized(whole.replace(KEY, "AKIDOTHER")), Reason.UNKNOWN_KEY, "invalid");
        refused(authorized("A".repeat(16 * 1024 + 1)), Reason.MALFORMED, "16384");
        String many = String.join(";", Collections.nCopies(200, "a"));
        refused(authorized(whole.replace("host", many)), Reason.MALFORMED, "128");
    }

    @Test
    void wantsEveryAmzHeaderSignedButTheTokenAndEverySignedHeaderThere() {
        AwsRequest signed = signed();
        refused(
                plus(signed, List.of(new Header("X-Amz-Target", "x"))),
                Reason.HEADER_UNSIGNED,
                "x-amz-target");
        assertThat(verify(plus(signed, List.of(new Header("X-Amz-Security-Token", "t")))))
                .isInstanceOfSatisfying(
                        Verified.class, v -> assertThat(v.sessionToken()).isEqualTo("t"));
        refused(
                changed(signed(new Header("accept", "a")), "accept", is -> null),
                Reason.SIGNATURE_WRONG,
                "accept was signed and did not come");
        refused(
                plus(signed, List.of(new Header(":authority", "other.example"))),
                Reason.MALFORMED,
                "differ");
        assertThat(verify(plus(signed, List.of(new Header("X-Other", "not signed")))))
                .isInstanceOf(Verified.class);
    }

    @Test
    void holdsTheScopeToDayServiceAndRegion() {
        AwsRequest other = signed(plain("/"), new AwsScope("us-east-1", "sts"), NOW);
        refused(other, Reason.SCOPE_WRONG, "correct service: bedrock");
        var regional = new SigV4Rules(Set.of("bedrock"), Set.of("eu-west-1"), Duration.ZERO, false);
        refused(verify(regional, signed(), NOW), Reason.SCOPE_WRONG, "valid region: eu-west-1");
        AwsRequest tomorrow = signed(plain("/"), SCOPE, NOW.plusSeconds(60));
        assertThat(verify(tomorrow)).as("by its own date").isInstanceOf(Verified.class);
        AwsRequest moved = changed(tomorrow, "x-amz-date", is -> "20261120T235959Z");
        refused(moved, Reason.SCOPE_WRONG, "20261120");
    }

    @Test
    void readsTheDateOfEitherHeader() {
        refused(changed(signed(), "x-amz-date", is -> "yesterday"), Reason.MALFORMED, "a time");
        refused(
                changed(signed(), "x-amz-date", is -> "20261131T000000Z"),
                Reason.MALFORMED,
                "time");
        refused(changed(signed(), "x-amz-date", is -> null), Reason.MALFORMED, "'Date'");
        refused(
                plus(signed(), List.of(new Header("X-Amz-Date", "20261120T235930Z"))),
                Reason.MALFORMED,
                "more than one");
        AwsRequest dated = plain("/", new Header("Date", "Fri, 20 Nov 2026 23:59:30 GMT"));
        List<String> names = List.of("date", "host");
        String canonical = CanonicalRequest.text(dated, List.of(), names, dated.bodySha256());
        String signature =
                Digests.signature(
                        SECRET, "20261120", SCOPE, SigV4.stringToSign(NOW, SCOPE, canonical));
        var authorization =
                new Header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential="
                                + KEY
                                + "/20261120/us-east-1/bedrock/aws4_request,"
                                + "SignedHeaders=date;host,Signature="
                                + signature);
        assertThat(verify(plus(dated, List.of(authorization)))).isInstanceOf(Verified.class);
    }

    @Test
    void takesABodyWithoutSignatureOnlyWhereTheRulesSaySo() {
        AwsRequest signed = signed();
        UnaryOperator<@Nullable String> unsigned = is -> "UNSIGNED-PAYLOAD";
        AwsRequest without = changed(signed, "x-amz-content-sha256", unsigned);
        refused(without, Reason.BODY_UNSIGNED, "sign the body");
        AwsRequest other = changed(signed, "x-amz-content-sha256", is -> EMPTY);
        refused(other, Reason.SIGNATURE_WRONG, "does not match");
        refused(
                changed(signed, "x-amz-content-sha256", is -> "e3b0"),
                Reason.MALFORMED,
                "x-amz-content-sha256");
        for (String word :
                List.of(
                        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                        "STREAMING-AWS4-HMAC-SHA256-EVENTS")) {
            refused(
                    changed(signed, "x-amz-content-sha256", is -> word),
                    Reason.UNSUPPORTED,
                    "chunk by chunk");
        }
        refused(signed(new Header("x-amz-trailer", "x")), Reason.UNSUPPORTED, "trailing");

        var lax = new SigV4Rules(Set.of("bedrock"), Set.of(), SigV4Rules.SKEW_MAX, true);
        refused(verify(lax, without, NOW), Reason.SIGNATURE_WRONG, "does not match");
        String canonical =
                CanonicalRequest.text(
                        without,
                        List.of(),
                        SigV4Claim.of(without).signedHeaders(),
                        "UNSIGNED-PAYLOAD");
        String signature =
                Digests.signature(
                        SECRET, "20261120", SCOPE, SigV4.stringToSign(NOW, SCOPE, canonical));
        AwsRequest good =
                changed(
                        without,
                        "authorization",
                        is -> is == null ? null : is.replaceAll("[0-9a-f]{64}", signature));
        assertThat(verify(lax, good, NOW)).isInstanceOf(Verified.class);
        refused(good, Reason.BODY_UNSIGNED, "UNSIGNED-PAYLOAD");
    }

    @Test
    void acceptsAPresignedRequestUntilItsOwnTime() {
        AwsRequest presigned = presigned("X-Amz-Expires=3600", "");
        Instant end = NOW.plusSeconds(3600);
        assertThat(verify(RULES, presigned, end))
                .isInstanceOfSatisfying(
                        Verified.class, v -> assertThat(v.validUntil()).isEqualTo(end));
        refused(verify(RULES, presigned, end.plusSeconds(1)), Reason.EXPIRED, "good until");
        Instant before = NOW.minus(SigV4Rules.SKEW_MAX).minusSeconds(1);
        refused(verify(RULES, presigned, before), Reason.SKEWED, "not yet current");
        for (String expires : List.of("0", "604801", "-1", "1e3", "", "9999999999999999999")) {
            refused(presigned("X-Amz-Expires=" + expires, ""), Reason.MALFORMED, "604800");
        }
        refused(presigned("Expires=1", ""), Reason.MALFORMED, "requires X-Amz-Expires");
        refused(presigned("X-Amz-Expires=9", "&X-Amz-Expires=9"), Reason.MALFORMED, "once");
        refused(presigned("X-Amz-Expires=9", "&x=%zz"), Reason.MALFORMED, "percent");
        refused(presigned("X-Amz-Expires=9", "&x=y"), Reason.SIGNATURE_WRONG, "does not match");
        refused(query(signed(), presigned.query()), Reason.MALFORMED, "not in both");
        refused(presigned("X-Amz-Expires=9", "&a".repeat(1000)), Reason.MALFORMED, "1000 param");
    }

    private static AwsRequest presigned(String expires, String more) {
        String query =
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-SignedHeaders=host&X-Amz-Credential="
                        + KEY
                        + "%2F20261120%2Fus-east-1%2Fbedrock%2Faws4_request&X-Amz-Date="
                        + "20261120T235930Z&"
                        + expires;
        AwsRequest plain = query(plain("/"), query);
        String canonical =
                CanonicalRequest.text(
                        plain,
                        CanonicalRequest.parameters(query),
                        List.of("host"),
                        plain.bodySha256());
        String signature =
                Digests.signature(
                        SECRET, "20261120", SCOPE, SigV4.stringToSign(NOW, SCOPE, canonical));
        return query(plain, query + "&X-Amz-Signature=" + signature + more);
    }

    @Test
    void theSignerNeedsAHostAndAddsItsHeadersOnce() {
        var signer = new SigV4Signer(SCOPE, true);
        AwsRequest hostless = AwsRequest.of("GET", "/", "", List.of(), new byte[0]);
        assertThatThrownBy(() -> signer.sign(hostless, CREDENTIALS, NOW))
                .hasMessageContaining("host");
        assertThatThrownBy(() -> signer.sign(signed(), CREDENTIALS, NOW))
                .hasMessage("the request has x-amz-date already");
        AwsRequest agent = plain("/", new Header("User-Agent", "x"), new Header("Accept", "y"));
        assertThat(signer.sign(agent, CREDENTIALS, NOW).getLast().value())
                .contains("SignedHeaders=accept;host;x-amz-content-sha256;x-amz-date,");
        assertThatThrownBy(() -> new AwsScope("us-east-1", "s3")).hasMessageContaining("S3");
        assertThatThrownBy(() -> plain("/中")).hasMessageContaining("single bytes");
    }

    @Test
    void showsNoSecretAsText() {
        var credentials = new AwsCredentials(KEY, SECRET, "token-of-nobody");
        assertThat(credentials.toString()).contains(KEY).doesNotContain(SECRET, "of-nobody");
        AwsRequest request = signed(new Header("x-amz-security-token-2", "of-nobody"));
        assertThat(request.toString()).doesNotContain("of-nobody", "Signature");
        assertThat(verify(request).toString()).contains(KEY).doesNotContain("signature");
    }

    @Test
    void answersAnythingWithAVerdict() {
        Seeds.each(
                3_000,
                seeds -> {
                    AwsRequest is = signed();
                    var headers = new ArrayList<>(is.headers());
                    int at = seeds.upTo(headers.size() - 1);
                    Header header = headers.get(at);
                    headers.set(at, new Header(header.name(), mangled(seeds, header.value())));
                    String query =
                            seeds.oneIn(2)
                                    ? ""
                                    : mangled(seeds, presigned("X-Amz-Expires=9", "").query());
                    var request =
                            new AwsRequest(
                                    "POST", mangled(seeds, is.path()), query, headers, EMPTY);
                    assertThat(verify(request)).isInstanceOf(Refused.class);
                });
    }

    private static String mangled(Seeds seeds, String text) {
        int from = seeds.upTo(text.length());
        int to = from + seeds.upTo(text.length() - from);
        var bytes = new StringBuilder(text.substring(0, from));
        seeds.text(3).chars().filter(c -> c <= 0xff).forEach(c -> bytes.append((char) c));
        return bytes.append(text.substring(to)).toString();
    }
}
