package entrepot.protocols.aws;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure.Cause;
import entrepot.protocols.aws.AwsRequest.Header;
import entrepot.protocols.aws.SigV4Verdict.Refused;
import entrepot.protocols.aws.SigV4Verdict.Verified;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests that another implementation signed (botocore), with ids as Bedrock has them. */
class SigV4VectorsTest {

    private static final JsonNode FILE = file();
    private static final Instant AT = SigV4.instant(FILE.path("at").stringValue());
    private static final String SECRET = FILE.path("secretAccessKey").stringValue();

    /** One of them, as it was before it was signed and after. */
    record Vector(
            String name,
            AwsRequest plain,
            @Nullable String authorization,
            AwsScope scope,
            @Nullable String sessionToken) {

        AwsRequest signed() {
            if (authorization == null) {
                return plain;
            }
            var headers = new ArrayList<>(plain.headers());
            headers.add(new Header("X-Amz-Date", SigV4.time(AT)));
            if (sessionToken != null) {
                headers.add(new Header("X-Amz-Security-Token", sessionToken));
            }
            headers.add(new Header("Authorization", authorization));
            return new AwsRequest(
                    plain.method(), plain.path(), plain.query(), headers, plain.bodySha256());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static JsonNode file() {
        try (InputStream in =
                SigV4VectorsTest.class.getResourceAsStream("/aws/sigv4-vectors.json")) {
            assertThat(in).isNotNull();
            return Json.read(in.readAllBytes(), Cause.INTERNAL);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Vector> vectors() {
        var vectors = new ArrayList<Vector>();
        for (JsonNode row : FILE.path("cases")) {
            var headers = new ArrayList<Header>();
            row.path("headers")
                    .forEach(h ->
                            headers.add(
                                    new Header(h.path(0).stringValue(), h.path(1).stringValue())));
            var plain =
                    AwsRequest.of(
                            row.path("method").stringValue(),
                            row.path("path").stringValue(),
                            row.path("query").stringValue(),
                            headers,
                            row.path("body").stringValue().getBytes(UTF_8));
            JsonNode authorization = row.path("authorization");
            JsonNode token = row.path("sessionToken");
            vectors.add(
                    new Vector(
                            row.path("name").stringValue(),
                            plain,
                            authorization.isString() ? authorization.stringValue() : null,
                            new AwsScope(
                                    row.path("region").stringValue(),
                                    row.path("service").stringValue()),
                            token.isString() ? token.stringValue() : null));
        }
        return vectors;
    }

    private static SigV4Verdict verify(AwsRequest request) {
        return new SigV4Verifier(
                        SigV4Rules.of("bedrock", "bedrock-mantle"),
                        Map.of("AKIDEXAMPLE", SECRET)::get)
                .verify(request, AT);
    }

    @Test
    void thereAreVectorsOfBothForms() {
        assertThat(vectors()).hasSize(13).anyMatch(v -> v.authorization() == null);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void isVerified(Vector vector) {
        assertThat(verify(vector.signed()))
                .isInstanceOfSatisfying(
                        Verified.class,
                        verified -> {
                            assertThat(verified.scope()).isEqualTo(vector.scope());
                            assertThat(verified.sessionToken()).isEqualTo(vector.sessionToken());
                        });
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void isSignedAlike(Vector vector) {
        if (vector.authorization() == null) {
            return;
        }
        var credentials = new AwsCredentials("AKIDEXAMPLE", SECRET, vector.sessionToken());
        List<Header> added =
                new SigV4Signer(vector.scope(), false).sign(vector.plain(), credentials, AT);
        assertThat(added.getLast().value()).isEqualTo(vector.authorization());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aFlippedBitOfPathOrQueryIsNoticed(Vector vector) {
        AwsRequest is = vector.signed();
        for (String path : Signed.flipped(is.path())) {
            if (CanonicalRequest.path(path).equals(CanonicalRequest.path(is.path()))) {
                continue;
            }
            assertThat(
                            verify(
                                    new AwsRequest(
                                            is.method(),
                                            path,
                                            is.query(),
                                            is.headers(),
                                            is.bodySha256())))
                    .as(path)
                    .isInstanceOf(Refused.class);
        }
        for (String query : Signed.flipped(is.query())) {
            boolean sameHexDigits = query.equalsIgnoreCase(is.query()) && sameMeaning(query, is);
            if (!sameHexDigits) {
                assertThat(
                                verify(
                                        new AwsRequest(
                                                is.method(),
                                                is.path(),
                                                query,
                                                is.headers(),
                                                is.bodySha256())))
                        .as(query)
                        .isInstanceOf(Refused.class);
            }
        }
    }

    /** {@code %3a} and {@code %3A}. */
    private static boolean sameMeaning(String query, AwsRequest is) {
        return CanonicalRequest.parameters(query).equals(CanonicalRequest.parameters(is.query()));
    }
}
