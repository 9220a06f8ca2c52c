package entrepot.market.supply;

import entrepot.http.Headers;
import entrepot.identity.Secret;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.supply.framing.Deframer;
import entrepot.market.supply.framing.EventStreamDeframer;
import entrepot.protocols.Dialect;
import entrepot.protocols.aws.AwsCredentials;
import entrepot.protocols.aws.AwsRequest;
import entrepot.protocols.aws.AwsScope;
import entrepot.protocols.aws.SigV4Signer;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;

/**
 * An operation of Bedrock Runtime: {@code /model/{modelId}/converse} and the like. The model's id
 * is one segment, whatever it holds: a colon is {@code %3A} and the slash of an ARN {@code %2F},
 * and that is what is signed (R94).
 *
 * <p>Streams are in binary frames.
 *
 * @param whole the operation that answers whole
 * @param stream the operation that answers in a stream
 */
record BedrockEndpoint(
        Dialect dialect,
        Supplier.Remote supplier,
        String whole,
        String stream,
        SigV4Signer signer,
        InstantSource clock)
        implements Endpoint {

    static BedrockEndpoint of(
            Dialect dialect,
            Supplier.Remote supplier,
            Supplier.Api.Bedrock api,
            String whole,
            String stream,
            InstantSource clock) {
        var signer = new SigV4Signer(new AwsScope(api.region(), "bedrock"), true);
        return new BedrockEndpoint(dialect, supplier, whole, stream, signer, clock);
    }

    @Override
    public URI address(String model, boolean streams) {
        return URI.create(
                supplier.baseUrl() + "/model/" + segment(model) + "/" + (streams ? stream : whole));
    }

    /** All but RFC 3986's unreserved letters encoded. */
    static String segment(String text) {
        var out = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    (each >= 'a' && each <= 'z')
                            || (each >= 'A' && each <= 'Z')
                            || (each >= '0' && each <= '9')
                            || "-._~".indexOf(each) >= 0;
            if (plain) {
                out.append((char) each);
            } else {
                out.append("%%%02X".formatted(each & 0xff));
            }
        }
        return out.toString();
    }

    @Override
    public Headers headers(Attempt attempt, URI address, byte[] body) {
        var fields = new ArrayList<Headers.Field>(supplier.headers().fields());
        fields.add(new Headers.Field("content-type", "application/json"));
        fields.add(
                new Headers.Field(
                        "accept", "application/json, application/vnd.amazon.eventstream"));
        Credential credential = attempt.credential();
        Secret secret = credential.secret();
        Supplier.Signing signing = credential.signing();
        if (secret != null && signing == null) {
            fields.add(new Headers.Field("authorization", "Bearer " + secret.reveal()));
        } else if (secret != null && signing != null) {
            Secret token = signing.sessionToken();
            var credentials =
                    new AwsCredentials(
                            signing.accessKeyId(),
                            secret.reveal(),
                            token == null ? null : token.reveal());
            for (AwsRequest.Header header :
                    signer.sign(request(address, fields, body), credentials, clock.instant())) {
                fields.add(new Headers.Field(header.name(), header.value()));
            }
        }
        fields.add(new Headers.Field("accept-encoding", "identity"));
        return Headers.of(fields);
    }

    private static AwsRequest request(URI address, Iterable<Headers.Field> fields, byte[] body) {
        var headers = new ArrayList<AwsRequest.Header>();
        headers.add(new AwsRequest.Header("host", address.getRawAuthority()));
        for (Headers.Field field : fields) {
            headers.add(new AwsRequest.Header(field.name(), field.value()));
        }
        return AwsRequest.of("POST", address.getRawPath(), "", headers, body);
    }

    @Override
    public Deframer deframer() {
        return new EventStreamDeframer();
    }

    @Override
    public boolean isStream(String contentType) {
        return contentType.startsWith("application/vnd.amazon.eventstream");
    }

    /** The name of an error stands in a header, which bytes that are passed on would lack. */
    @Override
    public boolean errorsInBody() {
        return false;
    }
}
