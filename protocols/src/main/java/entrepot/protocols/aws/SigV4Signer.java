package entrepot.protocols.aws;

import entrepot.protocols.aws.AwsRequest.Header;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Signs requests to a service of AWS. */
public final class SigV4Signer {

    /** What others on the way change or take away. */
    private static final Set<String> NEVER_SIGNED =
            Set.of(
                    "connection",
                    "expect",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "user-agent",
                    "x-amzn-trace-id");

    private static final Set<String> MADE_HERE =
            Set.of(SigV4.AUTHORIZATION, SigV4.DATE, SigV4.CONTENT_SHA_256, SigV4.SECURITY_TOKEN);

    private final AwsScope scope;
    private final boolean contentSha256;

    /**
     * @param contentSha256 whether to send the body's hash as a header too, as AWS's own SDKs do
     *     for Bedrock
     */
    public SigV4Signer(AwsScope scope, boolean contentSha256) {
        this.scope = scope;
        this.contentSha256 = contentSha256;
    }

    /**
     * The headers to add to a request, authorization last. All headers that the request has are
     * signed, but for those that change on the way.
     *
     * @param request with {@code host} (or {@code :authority}), path and query exactly as they will
     *     be sent
     * @throws IllegalArgumentException when the request has no host, or one of the headers to add
     */
    public List<Header> sign(AwsRequest request, AwsCredentials credentials, Instant now) {
        var added = new ArrayList<Header>();
        added.add(new Header(SigV4.DATE, SigV4.time(now)));
        if (contentSha256) {
            added.add(new Header(SigV4.CONTENT_SHA_256, request.bodySha256()));
        }
        String token = credentials.sessionToken();
        if (token != null) {
            added.add(new Header(SigV4.SECURITY_TOKEN, token));
        }
        AwsRequest signed = with(request, added);
        List<String> names = signedHeaders(signed);
        String canonical =
                CanonicalRequest.text(
                        signed,
                        CanonicalRequest.parameters(signed.query()),
                        names,
                        signed.bodySha256());
        String signature =
                Digests.signature(
                        credentials.secretAccessKey(),
                        SigV4.day(now),
                        scope,
                        SigV4.stringToSign(now, scope, canonical));
        String authorization =
                "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                        .formatted(
                                SigV4.ALGORITHM,
                                credentials.accessKeyId(),
                                SigV4.credentialScope(now, scope),
                                String.join(";", names),
                                signature);
        added.add(new Header(SigV4.AUTHORIZATION, authorization));
        return List.copyOf(added);
    }

    private static AwsRequest with(AwsRequest request, List<Header> added) {
        for (Header header : request.headers()) {
            if (MADE_HERE.contains(small(header.name()))) {
                throw new IllegalArgumentException("the request has " + header.name() + " already");
            }
        }
        var headers = new ArrayList<>(request.headers());
        headers.addAll(added);
        return new AwsRequest(
                request.method(), request.path(), request.query(), headers, request.bodySha256());
    }

    private static List<String> signedHeaders(AwsRequest request) {
        List<String> names =
                request.headers().stream()
                        .map(header -> small(header.name()))
                        .filter(name -> !NEVER_SIGNED.contains(name))
                        .distinct()
                        .sorted()
                        .toList();
        if (!names.contains(SigV4.HOST) && !names.contains(SigV4.HOST_OF_HTTP_2)) {
            throw new IllegalArgumentException("the request has no host");
        }
        return names;
    }

    private static String small(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
