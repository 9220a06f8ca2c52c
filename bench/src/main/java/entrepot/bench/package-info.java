/**
 * Benchmarks: every number that we claim, measured against a peer or a floor in the same run, in
 * turns, and told as a ratio. Processor time is read from the kernel, so a busy machine blurs the
 * rates but hardly the ratios. Begin with {@link entrepot.bench.Bench}.
 */
@NullMarked
package entrepot.bench;

import org.jspecify.annotations.NullMarked;
