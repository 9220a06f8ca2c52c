package entrepot.protocols.aws;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import entrepot.conversation.Failure.Cause;
import entrepot.protocols.aws.AwsRequest.Header;
import entrepot.protocols.json.Json;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** AWS's own test suite, and the case that OpenAI's SDK for Bedrock is tested with. */
class SigV4SuiteTest {

    private static final Instant AT = Instant.parse("2015-08-30T12:36:00Z");
    private static final AwsScope SCOPE = new AwsScope("us-east-1", "service");
    private static final int CASES = 34;
    private static final Set<String> ADDED = Set.of("x-amz-date", "x-amz-security-token");

    /** The suite's files without their ends. */
    static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.walk(Recording.shared("specs/aws/sigv4-testsuite"))) {
            return files.filter(file -> file.toString().endsWith(".req"))
                    .map(file -> Path.of(file.toString().replace(".req", "")))
                    .sorted()
                    .toList();
        }
    }

    private static Path file(Path name, String end) {
        return name.resolveSibling(name.getFileName() + end);
    }

    private static String text(Path name, String end) throws IOException {
        return new String(Files.readAllBytes(file(name, end)), ISO_8859_1);
    }

    private static @Nullable String token(AwsRequest request) {
        List<String> tokens = request.values(SigV4.SECURITY_TOKEN);
        return tokens.isEmpty() ? null : tokens.getFirst();
    }

    @Test
    void theSuiteIsWhole() throws IOException {
        assertThat(cases()).hasSize(CASES);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void makesTheCanonicalRequestAndTheStringToSign(Path name) throws IOException {
        AwsRequest signed = signed(name);
        SigV4Claim claim = SigV4Claim.of(signed);
        String canonical =
                CanonicalRequest.text(
                        signed, claim.query(), claim.signedHeaders(), signed.bodySha256());
        assertThat(canonical).isEqualTo(text(name, ".creq"));
        assertThat(SigV4.stringToSign(AT, SCOPE, canonical)).isEqualTo(text(name, ".sts"));
    }

    /** Its .sreq and .authz disagree in get-vanilla-with-session-token, where .authz is right. */
    private static AwsRequest signed(Path name) throws IOException {
        AwsRequest request = Signed.ofSuite(file(name, ".sreq"));
        var headers = new ArrayList<>(request.headers());
        headers.removeIf(header -> header.name().equals("Authorization"));
        headers.add(new Header("Authorization", text(name, ".authz")));
        return new AwsRequest(
                request.method(), request.path(), request.query(), headers, request.bodySha256());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void verifiesTheSignedRequest(Path name) throws IOException {
        AwsRequest signed = signed(name);
        var verifier = new SigV4Verifier(SigV4Rules.of("service"), Signed.SUITE_SECRETS::get);
        assertThat(verifier.verify(signed, AT))
                .isInstanceOfSatisfying(
                        SigV4Verdict.Verified.class,
                        verified -> {
                            assertThat(verified.sessionToken()).isEqualTo(token(signed));
                            assertThat(verified.signedAt()).isEqualTo(AT);
                            assertThat(verified.scope()).isEqualTo(SCOPE);
                        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void signsTheRequestAlike(Path name) throws IOException {
        AwsRequest plain = Signed.ofSuite(file(name, ".req"));
        AwsRequest signed = signed(name);
        boolean tokenIsSigned =
                SigV4Claim.of(signed).signedHeaders().contains(SigV4.SECURITY_TOKEN);
        var headers = new ArrayList<>(plain.headers());
        headers.removeIf(header -> ADDED.contains(header.name().toLowerCase(Locale.ROOT)));
        var request =
                new AwsRequest(
                        plain.method(), plain.path(), plain.query(), headers, plain.bodySha256());
        var credentials =
                new AwsCredentials(
                        "AKIDEXAMPLE",
                        Objects.requireNonNull(Signed.SUITE_SECRETS.get("AKIDEXAMPLE")),
                        tokenIsSigned ? token(signed) : null);
        List<Header> added = new SigV4Signer(SCOPE, false).sign(request, credentials, AT);
        assertThat(added.getLast().value()).isEqualTo(text(name, ".authz"));
    }

    @Test
    void signsWhatOpenAisSdkSendsToBedrock() throws IOException {
        Path file = Recording.shared("specs/aws/openai-sdk-bedrock-sigv4.json");
        JsonNode given = Json.read(Files.readString(file), Cause.INTERNAL);
        JsonNode asked = given.path("request");
        JsonNode expected = given.path("expected");
        var url = URI.create(asked.path("url").stringValue());
        var request =
                AwsRequest.of(
                        asked.path("method").stringValue(),
                        url.getRawPath(),
                        "",
                        List.of(
                                new Header("host", url.getHost()),
                                new Header(
                                        "content-type", asked.path("contentType").stringValue())),
                        asked.path("body").stringValue().getBytes(ISO_8859_1));
        JsonNode keys = given.path("credentials");
        var credentials =
                new AwsCredentials(
                        keys.path("accessKeyId").stringValue(),
                        keys.path("secretAccessKey").stringValue(),
                        keys.path("sessionToken").stringValue());
        var scope =
                new AwsScope(
                        given.path("region").stringValue(), given.path("service").stringValue());
        Instant at = Instant.parse(given.path("signingDate").stringValue());
        List<Header> added = new SigV4Signer(scope, true).sign(request, credentials, at);
        assertThat(added)
                .containsExactly(
                        new Header("x-amz-date", expected.path("date").stringValue()),
                        new Header(
                                "x-amz-content-sha256", expected.path("payloadHash").stringValue()),
                        new Header("x-amz-security-token", keys.path("sessionToken").stringValue()),
                        new Header("authorization", expected.path("authorization").stringValue()));
    }
}
