/**
 * What all interfaces of AWS share: signatures of version 4 (AWS SigV4), made and verified.
 *
 * <p>For every service but S3, whose paths follow other rules. Begin with {@link
 * entrepot.protocols.aws.SigV4Verifier} for requests that come and {@link
 * entrepot.protocols.aws.SigV4Signer} for those that go. Both look at one {@link
 * entrepot.protocols.aws.AwsRequest}, which holds a request as it is on the wire: nothing may
 * normalise a path before it is here. Knows nothing of what the requests ask for.
 */
@NullMarked
package entrepot.protocols.aws;

import org.jspecify.annotations.NullMarked;
