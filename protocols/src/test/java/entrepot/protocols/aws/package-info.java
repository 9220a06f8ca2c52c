/** Signatures: AWS's suite, real clients' requests, vectors of another implementation. */
@NullMarked
package entrepot.protocols.aws;

import org.jspecify.annotations.NullMarked;
