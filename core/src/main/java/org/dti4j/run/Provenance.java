package org.dti4j.run;

import java.util.SortedMap;

/**
 * The content of {@code provenance.json}: what a result needs to be repeated and trusted.
 *
 * @param host version, commit, machine, libraries
 * @param seed of order, initial weights and dropout
 * @param dataHash of the prepared data
 * @param model what was trained, in words
 * @param precision of weights and activations
 * @param parameters numbers that were trained
 */
public record Provenance(
        SortedMap<String, String> host, long seed, String dataHash, String model, String precision, long parameters) {
    /** Reads a run's provenance. */
    public static Provenance read(RunFiles files) {
        return RunJson.read(RunFiles.readText(files.provenance()), Provenance.class);
    }
}
