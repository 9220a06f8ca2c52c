package entrepot.protocols.aws;

import static java.nio.charset.StandardCharsets.US_ASCII;

import entrepot.protocols.aws.AwsRequest.Header;
import entrepot.protocols.aws.SigV4Verdict.Reason;
import entrepot.protocols.aws.SigV4Verdict.Verified;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Verifies requests signed in their {@code Authorization} header or in their query (presigned), as
 * a service of AWS would.
 *
 * <p>A signature is over the path without empty and dot segments, as AWS has it; whoever routes by
 * the path must take it as it came and not resolve such segments. The same request may come again
 * within its time: see {@link ReplayGuard}.
 */
public final class SigV4Verifier {

    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final String STREAMING = "STREAMING-";
    private static final String AMZ = "x-amz-";

    private final SigV4Rules rules;
    private final SecretLookup secrets;

    public SigV4Verifier(SigV4Rules rules, SecretLookup secrets) {
        this.rules = rules;
        this.secrets = secrets;
    }

    /** Verifies one request; {@code now} is by our own clock. */
    public SigV4Verdict verify(AwsRequest request, Instant now) {
        try {
            return verified(request, now);
        } catch (SigV4Refusal e) {
            return e.refused();
        }
    }

    private Verified verified(AwsRequest request, Instant now) {
        if (!request.path().isEmpty() && !request.path().startsWith("/")) {
            throw new SigV4Refusal(Reason.MALFORMED, "The path must begin with a slash.");
        }
        SigV4Claim claim = SigV4Claim.of(request);
        requireHeaders(request, claim);
        String payloadHash = payloadHash(request, claim.declaredHash());
        requireScope(claim);
        String secret = secrets.secretOf(claim.accessKeyId());
        if (secret == null) {
            throw new SigV4Refusal(
                    Reason.UNKNOWN_KEY, "The security token included in the request is invalid.");
        }
        Instant validUntil = requireTime(claim, now);
        requireSignature(request, claim, payloadHash, secret);
        if (!payloadHash.equals(UNSIGNED) && !payloadHash.equals(request.bodySha256())) {
            throw new SigV4Refusal(
                    Reason.BODY_CHANGED,
                    "The body is not the one that was signed: x-amz-content-sha256 is not its"
                            + " SHA-256.");
        }
        return new Verified(
                claim.accessKeyId(),
                claim.sessionToken(),
                claim.scope(),
                claim.signedAt(),
                validUntil,
                claim.signature());
    }

    private static void requireHeaders(AwsRequest request, SigV4Claim claim) {
        List<String> signed = claim.signedHeaders();
        requireOneHost(request);
        if (!signed.contains(SigV4.HOST) && !signed.contains(SigV4.HOST_OF_HTTP_2)) {
            throw unsigned("'Host' or ':authority' must be a 'SignedHeader'.");
        }
        if (claim.validFor() == null && !signed.contains(SigV4.DATE) && !signed.contains("date")) {
            throw unsigned("'X-Amz-Date' or 'Date' must be a 'SignedHeader'.");
        }
        for (Header header : request.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            // Some services want the token added after signing (AWS's suite, post-sts-header-after)
            boolean free = !name.startsWith(AMZ) || name.equals(SigV4.SECURITY_TOKEN);
            if (!free && !signed.contains(name)) {
                throw unsigned("The header " + name + " was not signed, as all x-amz-* must be.");
            }
        }
        for (String name : signed) {
            if (CanonicalRequest.values(request, name) == null) {
                throw new SigV4Refusal(
                        Reason.SIGNATURE_WRONG,
                        "The header "
                                + name
                                + " was signed and did not come. If a proxy stands between, it"
                                + " must pass headers on unchanged.");
            }
        }
    }

    /**
     * Signed under one name and sent another under the other, a host would not be signed at all.
     */
    private static void requireOneHost(AwsRequest request) {
        List<String> host = request.values(SigV4.HOST);
        List<String> authority = request.values(SigV4.HOST_OF_HTTP_2);
        if (!host.isEmpty() && !authority.isEmpty() && !host.equals(authority)) {
            throw new SigV4Refusal(Reason.MALFORMED, "'Host' and ':authority' differ.");
        }
    }

    /** What stands for the body in the text that was signed. */
    private String payloadHash(AwsRequest request, @Nullable String declared) {
        if (!request.values("x-amz-trailer").isEmpty()
                || (declared != null && declared.startsWith(STREAMING))) {
            throw new SigV4Refusal(
                    Reason.UNSUPPORTED,
                    "Bodies signed chunk by chunk or with trailing checksums are not accepted:"
                            + " sign the whole body.");
        }
        if (declared == null) {
            return request.bodySha256();
        }
        if (declared.equals(UNSIGNED)) {
            if (!rules.unsignedBodies()) {
                throw new SigV4Refusal(
                        Reason.BODY_UNSIGNED, UNSIGNED + " is not accepted: sign the body.");
            }
            return declared;
        }
        if (!Digests.isHex(declared)) {
            throw new SigV4Refusal(
                    Reason.MALFORMED,
                    "x-amz-content-sha256 must be the body's SHA-256 in small hexadecimal digits.");
        }
        return declared;
    }

    private void requireScope(SigV4Claim claim) {
        String day = SigV4.day(claim.signedAt());
        if (!claim.day().equals(day)) {
            throw new SigV4Refusal(
                    Reason.SCOPE_WRONG,
                    "Credential should be scoped to the day of the request: "
                            + day
                            + ", by its own date.");
        }
        if (!rules.services().contains(claim.scope().service())) {
            throw new SigV4Refusal(
                    Reason.SCOPE_WRONG,
                    "Credential should be scoped to correct service: " + sorted(rules.services()));
        }
        if (!rules.regions().isEmpty() && !rules.regions().contains(claim.scope().region())) {
            throw new SigV4Refusal(
                    Reason.SCOPE_WRONG,
                    "Credential should be scoped to a valid region: " + sorted(rules.regions()));
        }
    }

    private static String sorted(Iterable<String> names) {
        var list = new TreeSet<String>();
        names.forEach(list::add);
        return String.join(", ", list);
    }

    private Instant requireTime(SigV4Claim claim, Instant now) {
        Instant signedAt = claim.signedAt();
        Duration skew = rules.skewMax();
        if (signedAt.isAfter(now.plus(skew))) {
            throw new SigV4Refusal(
                    Reason.SKEWED,
                    "Signature not yet current: %s is still later than %s (%s + %d min.)"
                            .formatted(
                                    SigV4.time(signedAt),
                                    SigV4.time(now.plus(skew)),
                                    SigV4.time(now),
                                    skew.toMinutes()));
        }
        Duration validFor = claim.validFor();
        Instant validUntil = signedAt.plus(validFor == null ? skew : validFor);
        if (now.isAfter(validUntil)) {
            throw new SigV4Refusal(
                    validFor == null ? Reason.SKEWED : Reason.EXPIRED,
                    "Signature expired: it was good until %s and it is %s"
                            .formatted(SigV4.time(validUntil), SigV4.time(now)));
        }
        return validUntil;
    }

    private static void requireSignature(
            AwsRequest request, SigV4Claim claim, String payloadHash, String secret) {
        String canonical =
                CanonicalRequest.text(request, claim.query(), claim.signedHeaders(), payloadHash);
        String expected =
                Digests.signature(
                        secret,
                        claim.day(),
                        claim.scope(),
                        SigV4.stringToSign(claim.signedAt(), claim.scope(), canonical));
        if (!MessageDigest.isEqual(
                expected.getBytes(US_ASCII), claim.signature().getBytes(US_ASCII))) {
            throw new SigV4Refusal(
                    Reason.SIGNATURE_WRONG,
                    "The request signature we calculated does not match the signature you"
                            + " provided. Check your AWS Secret Access Key and signing method. If a"
                            + " proxy stands between, it must pass on Host and path unchanged.");
        }
    }

    private static SigV4Refusal unsigned(String message) {
        return new SigV4Refusal(Reason.HEADER_UNSIGNED, message);
    }
}
