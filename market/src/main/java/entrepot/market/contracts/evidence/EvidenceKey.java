package entrepot.market.contracts.evidence;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** A pair of Ed25519 (RFC 8032), written as PEM (RFC 8410): what evidence is signed with. */
public final class EvidenceKey {

    static final String ALGORITHM = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final int ID_BYTES = 8;

    private final PrivateKey signing;
    private final PublicKey verifying;

    public EvidenceKey(KeyPair pair) {
        this.signing = pair.getPrivate();
        this.verifying = pair.getPublic();
    }

    /** A new pair. */
    public static EvidenceKey make(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, random);
            return new EvidenceKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /**
     * Reads what {@link #secretPem} wrote.
     *
     * @throws IllegalArgumentException when it is not such a pair
     */
    public static EvidenceKey read(String pem) {
        String secret = block(pem, PRIVATE);
        if (secret == null) {
            throw new IllegalArgumentException("there is no block of a " + PRIVATE);
        }
        try {
            PrivateKey signing =
                    KeyFactory.getInstance(ALGORITHM)
                            .generatePrivate(new PKCS8EncodedKeySpec(decoded(secret)));
            return new EvidenceKey(new KeyPair(publicKey(pem), signing));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a private key of " + ALGORITHM, e);
        }
    }

    /**
     * Reads a public key: a PEM block, or its base64 alone.
     *
     * @throws IllegalArgumentException when it is none of Ed25519
     */
    public static PublicKey publicKey(String text) {
        String block = block(text, PUBLIC);
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(decoded(block == null ? text : block)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a public key of " + ALGORITHM, e);
        }
    }

    private static byte[] decoded(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private static @Nullable String block(String pem, String kind) {
        String begin = "-----BEGIN " + kind + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + kind + "-----");
        return from < 0 || to < from ? null : pem.substring(from + begin.length(), to);
    }

    /** Both keys. Whoever has them can sign: never shown. */
    public String secretPem() {
        return pem(PRIVATE, signing.getEncoded()) + publicPem();
    }

    /** The public key alone. */
    public String publicPem() {
        return pem(PUBLIC, verifying.getEncoded());
    }

    private static String pem(String kind, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    }

    PrivateKey signing() {
        return signing;
    }

    public PublicKey verifying() {
        return verifying;
    }

    public String id() {
        return id(verifying);
    }

    /** A short name of a public key: the beginning of its SHA-256, in hex. */
    public static String id(PublicKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "EvidenceKey " + id();
    }
}
