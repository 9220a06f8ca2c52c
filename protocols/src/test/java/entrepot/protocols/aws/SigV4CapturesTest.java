package entrepot.protocols.aws;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import entrepot.protocols.aws.AwsRequest.Header;
import entrepot.protocols.aws.SigV4Verdict.Reason;
import entrepot.protocols.aws.SigV4Verdict.Refused;
import entrepot.protocols.aws.SigV4Verdict.Verified;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** What real clients sign, and that nothing of it can be changed. */
class SigV4CapturesTest {

    private static final int CAPTURES_MIN = 27;
    private static final SigV4Rules RULES = SigV4Rules.of("bedrock", "bedrock-mantle");
    private static final Set<String> MADE =
            Set.of("authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token");

    static List<Signed> captured() {
        return Signed.captured();
    }

    private static SigV4Verdict verify(Signed signed) {
        SigV4Claim claim = SigV4Claim.of(signed.request());
        return new SigV4Verifier(RULES, signed.secrets())
                .verify(signed.request(), claim.signedAt());
    }

    @Test
    void thereAreEnoughOfThemAndOfEveryKind() {
        List<Signed> captured = captured();
        assertThat(captured).hasSizeGreaterThanOrEqualTo(CAPTURES_MIN);
        assertThat(captured).anyMatch(s -> s.request().path().contains("%3A"));
        assertThat(captured).anyMatch(s -> s.request().path().contains(":"));
        assertThat(captured).anyMatch(s -> s.request().path().contains("%2F"));
        assertThat(captured).anyMatch(s -> claim(s).signedHeaders().contains(":authority"));
        assertThat(captured).anyMatch(s -> s.request().values("host").isEmpty());
        assertThat(captured).anyMatch(s -> claim(s).declaredHash() == null);
        assertThat(captured).anyMatch(s -> claim(s).sessionToken() != null);
    }

    private static SigV4Claim claim(Signed signed) {
        return SigV4Claim.of(signed.request());
    }

    @ParameterizedTest
    @MethodSource("captured")
    void isVerifiedWithinFifteenMinutesEitherWay(Signed signed) {
        var verifier = new SigV4Verifier(RULES, signed.secrets());
        SigV4Claim claim = claim(signed);
        var at = claim.signedAt();
        var skew = Duration.ofMinutes(15);
        assertThat(verifier.verify(signed.request(), at))
                .isEqualTo(
                        new Verified(
                                claim.accessKeyId(),
                                claim.accessKeyId().startsWith("ASIA")
                                        ? "sessiontokenexample"
                                        : null,
                                new AwsScope("us-east-1", "bedrock"),
                                at,
                                at.plus(skew),
                                claim.signature()));
        assertThat(verifier.verify(signed.request(), at.plus(skew))).isInstanceOf(Verified.class);
        assertThat(verifier.verify(signed.request(), at.minus(skew))).isInstanceOf(Verified.class);
        for (var late : List.of(at.plus(skew).plusSeconds(1), at.minus(skew).minusSeconds(1))) {
            assertThat(verifier.verify(signed.request(), late))
                    .isInstanceOfSatisfying(
                            Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.SKEWED));
        }
    }

    /** As our server gives a request of HTTP/2 on: with a host and without pseudo-headers. */
    @ParameterizedTest
    @MethodSource("captured")
    void isVerifiedUnderEitherNameOfTheHost(Signed signed) {
        AwsRequest request = signed.request();
        var headers = new ArrayList<Header>();
        for (Header header : request.headers()) {
            if (header.name().equals(":authority")) {
                headers.add(new Header("host", header.value()));
            } else if (!header.name().startsWith(":")) {
                headers.add(header);
            }
        }
        assertThat(verify(signed.with(with(request, headers)))).isInstanceOf(Verified.class);
    }

    @ParameterizedTest
    @MethodSource("captured")
    void isSignedAlikeByOurSigner(Signed signed) {
        AwsRequest request = signed.request();
        SigV4Claim claim = claim(signed);
        var headers = new ArrayList<Header>();
        for (Header header : request.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            String host = claim.signedHeaders().contains("host") ? "host" : ":authority";
            String named = name.equals(":authority") ? host : name;
            if (claim.signedHeaders().contains(named) && !MADE.contains(named)) {
                headers.add(new Header(named, header.value()));
            }
        }
        var signer = new SigV4Signer(claim.scope(), claim.declaredHash() != null);
        var credentials =
                new AwsCredentials(claim.accessKeyId(), signed.secret(), claim.sessionToken());
        List<Header> added = signer.sign(with(request, headers), credentials, claim.signedAt());
        assertThat(added.getLast().value()).isEqualTo(request.values("authorization").getFirst());
    }

    @ParameterizedTest
    @MethodSource("captured")
    void aFlippedBitAnywhereIsNoticed(Signed signed) {
        AwsRequest is = signed.request();
        var verifier = new SigV4Verifier(RULES, signed.secrets());
        var now = claim(signed).signedAt();
        Consumer<AwsRequest> refused =
                changed -> assertThat(verifier.verify(changed, now)).isInstanceOf(Refused.class);
        for (String method : Signed.flipped(is.method())) {
            refused.accept(
                    new AwsRequest(method, is.path(), is.query(), is.headers(), is.bodySha256()));
        }
        for (String path : Signed.flipped(is.path())) {
            refused.accept(
                    new AwsRequest(is.method(), path, is.query(), is.headers(), is.bodySha256()));
        }
        refused.accept(new AwsRequest(is.method(), is.path(), "a", is.headers(), is.bodySha256()));
        Set<String> signedHeaders = Set.copyOf(claim(signed).signedHeaders());
        for (int i = 0; i < is.headers().size(); i++) {
            Header header = is.headers().get(i);
            String name = header.name().toLowerCase(Locale.ROOT);
            boolean covered =
                    signedHeaders.contains(name)
                            || name.equals("authorization")
                            || name.equals(":authority");
            for (String value : covered ? Signed.flipped(header.value()) : List.<String>of()) {
                var headers = new ArrayList<>(is.headers());
                headers.set(i, new Header(header.name(), value));
                refused.accept(with(is, headers));
            }
            if (covered) {
                var headers = new ArrayList<>(is.headers());
                headers.remove(i);
                refused.accept(with(is, headers));
                headers.add(header);
                headers.add(header);
                refused.accept(with(is, headers));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("captured")
    void aFlippedBitOfTheBodyIsNoticed(Signed signed) {
        if (!signed.wholeBody()) {
            return;
        }
        AwsRequest is = signed.request();
        boolean declared = claim(signed).declaredHash() != null;
        for (String body : Signed.flipped(new String(signed.body(), ISO_8859_1))) {
            var changed =
                    AwsRequest.of(
                            is.method(),
                            is.path(),
                            is.query(),
                            is.headers(),
                            body.getBytes(ISO_8859_1));
            assertThat(verify(signed.with(changed)))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            r ->
                                    assertThat(r.reason())
                                            .isEqualTo(
                                                    declared
                                                            ? Reason.BODY_CHANGED
                                                            : Reason.SIGNATURE_WRONG));
        }
    }

    private static AwsRequest with(AwsRequest request, List<Header> headers) {
        return new AwsRequest(
                request.method(), request.path(), request.query(), headers, request.bodySha256());
    }
}
