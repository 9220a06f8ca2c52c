package entrepot.market.contracts.evidence;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;

/**
 * Evidence with its signature, as one JSON document: {@code evidence} is what is signed, in the
 * form of RFC 8785, by Ed25519 (RFC 8032). Blanks and the order of members do not matter to who
 * verifies it, for both are put into that form first.
 */
public final class SignedEvidence {

    /** The record of one right of first refusal. */
    public static final String FIRST_REFUSAL = "entrepot.first-refusal/1";

    /** What may be signed. */
    private static final List<String> FORMATS = List.of(Evidence.FORMAT, FIRST_REFUSAL);

    private static final String ALGORITHM = EvidenceKey.ALGORITHM;
    private static final int BYTES_MAX = 256 * 1024 * 1024;

    /** A member that stands twice would be read by some in one way and by others in another. */
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private SignedEvidence() {}

    /** The document, with the public key in it. */
    public static byte[] sign(Evidence evidence, EvidenceKey key) {
        return sign(evidence.json(), key);
    }

    /**
     * The document, with the public key in it.
     *
     * @param signed with one of the known forms as its {@code format}
     */
    public static byte[] sign(ObjectNode signed, EvidenceKey key) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.set("evidence", signed);
        ObjectNode signature = document.putObject("signature");
        signature.put("algorithm", ALGORITHM);
        signature.put("key_id", key.id());
        signature.put(
                "public_key", Base64.getEncoder().encodeToString(key.verifying().getEncoded()));
        signature.put(
                "value", Base64.getEncoder().encodeToString(signature(signed, key.signing())));
        return CanonicalJson.bytes(document);
    }

    private static byte[] signature(JsonNode signed, PrivateKey key) {
        try {
            var signer = Signature.getInstance(ALGORITHM);
            signer.initSign(key);
            signer.update(CanonicalJson.bytes(signed));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a private key of " + ALGORITHM, e);
        }
    }

    /**
     * Whether a document was signed with the key that belongs to this one, and has not changed.
     * Never throws for what stands in the document.
     */
    public static Verified verify(byte[] document, PublicKey key) {
        if (document.length > BYTES_MAX) {
            return Verified.no("over " + BYTES_MAX + " bytes");
        }
        try {
            JsonNode root = JSON.readTree(document);
            JsonNode signed = root.path("evidence");
            JsonNode signature = root.path("signature");
            if (!FORMATS.contains(signed.path("format").asString(""))) {
                return Verified.no("not evidence of the form " + String.join(" or ", FORMATS));
            }
            if (!signature.path("algorithm").asString("").equals(ALGORITHM)) {
                return Verified.no("not signed with " + ALGORITHM);
            }
            var verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(CanonicalJson.bytes(signed));
            byte[] value = Base64.getDecoder().decode(signature.path("value").asString(""));
            return verifier.verify(value)
                    ? new Verified(
                            true,
                            "signed with the key "
                                    + EvidenceKey.id(key)
                                    + ", and not changed since")
                    : Verified.no("it was changed, or signed with another key");
        } catch (JacksonException e) {
            return Verified.no("not JSON: " + e.getOriginalMessage());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Verified.no("the key or the signature is not one of " + ALGORITHM);
        }
    }

    /**
     * Whether a document was signed with the public key that is in it. That it has not changed
     * since is all that this shows: whose key it is must be known from elsewhere.
     */
    public static Verified verify(byte[] document) {
        try {
            String own =
                    document.length > BYTES_MAX
                            ? ""
                            : JSON.readTree(document).at("/signature/public_key").asString("");
            return own.isEmpty()
                    ? Verified.no("there is no public key in it")
                    : verify(document, EvidenceKey.publicKey(own));
        } catch (JacksonException e) {
            return Verified.no("not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return Verified.no("what it gives as its public key is none of " + ALGORITHM);
        }
    }

    /**
     * What verifying gave.
     *
     * @param reason in words
     */
    public record Verified(boolean good, String reason) {

        static Verified no(String reason) {
            return new Verified(false, reason);
        }
    }
}
