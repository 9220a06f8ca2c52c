package entrepot.protocols.aws;

/**
 * Where a signature is good.
 *
 * @param region such as {@code us-east-1}
 * @param service the name it signs with, such as {@code bedrock}; not {@code s3}
 */
public record AwsScope(String region, String service) {

    public AwsScope {
        if (service.equals("s3")) {
            throw new IllegalArgumentException("S3 signs paths by rules that are not known here");
        }
        if (!isName(region) || !isName(service)) {
            throw new IllegalArgumentException("not a region and service: " + region + service);
        }
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != ',');
    }
}
