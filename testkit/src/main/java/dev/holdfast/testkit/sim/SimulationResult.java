package dev.holdfast.testkit.sim;

/**
 * What a seed came to.
 *
 * @param totals what happened how often
 * @param digest of what each replica was given and wanted in each step, and when: equal for two runs of a seed
 */
public record SimulationResult(Totals totals, long digest) {}
