package org.dti4j.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.data.PreparedData;
import org.dti4j.model.ModelConfig;
import org.dti4j.model.ModelConfig.PrecisionChoice;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code provenance.json}: what a result needs to be repeated and trusted.
 *
 * @param host version, commit, machine, libraries
 * @param seed of order, initial weights and dropout
 * @param dataHash of the prepared data
 * @param model what was trained, in words
 * @param checkpointHash of the checkpoint that training began with; null for the embedded model
 * @param precision of weights and activations
 * @param parameters numbers that were trained
 * @param config the text of {@code config.yaml}, so that the run can be repeated from this file alone; null if it had none
 */
public record Provenance(
        SortedMap<String, String> host,
        long seed,
        String dataHash,
        String model,
        @Nullable String checkpointHash,
        String precision,
        long parameters,
        @Nullable String config) {
    public Provenance {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(dataHash, "dataHash");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(precision, "precision");
    }

    static Provenance of(RunConfig config, ClickModel model, PreparedData data, Host host, @Nullable String yaml) {
        return new Provenance(
                host.facts(),
                config.train().seed(),
                data.hash(),
                "%s, %s".formatted(config.model().name(), model.llama().config()),
                model.checkpointHash(),
                model.llama().placement().precision().name().toLowerCase(Locale.ROOT),
                model.parameters().values().stream().mapToLong(Tensor::numel).sum(),
                yaml);
    }

    /** Reads a run's provenance. */
    public static Provenance read(RunFiles files) {
        return read(files.provenance());
    }

    /** Reads the file of a run, wherever it lies now. */
    public static Provenance read(Path file) {
        return RunJson.read(file.toString(), "provenance.json", RunFiles.readText(file), Provenance.class);
    }

    /**
     * For a run that is repeated or resumed.
     *
     * @throws UserException if it began with another checkpoint than this one
     */
    void requireSameCheckpoint(Provenance earlier) {
        earlier.requireCheckpoint(checkpointHash, model);
    }

    /** @throws UserException if the run began with another checkpoint than one of this hash */
    void requireCheckpoint(@Nullable String hash, String name) {
        if (checkpointHash != null && !checkpointHash.equals(hash)) {
            throw new UserException("the run began with a checkpoint of hash %s, this one has %s, must be the same: %s"
                    .formatted(checkpointHash, hash, name));
        }
    }

    /**
     * For what is to be compared or gone on with: prepared data change with the files that they were made from.
     *
     * @param hash of the data as they are now
     * @param run whose provenance this is: its folder or file
     * @throws UserException if they are not those that the run was trained on
     */
    public void requireData(String hash, Path run) {
        if (!dataHash.equals(hash)) {
            throw new UserException(
                    "%s: was trained on data of hash %s, these have %s, must be the same; if the files of section data have changed, train anew in another folder (--set out=…)"
                            .formatted(run, dataHash, hash));
        }
    }

    /** The precision that the run came to have, where the configuration leaves it to a measurement, which might come out otherwise now. */
    RunConfig settled(RunConfig config) {
        ModelConfig section = config.model();
        return section.precision() == PrecisionChoice.AUTO
                ? config.withModel(section.withPrecision(PrecisionChoice.valueOf(precision.toUpperCase(Locale.ROOT))))
                : config;
    }

    /** What is not as it was, for a run that is repeated: facts of the machine and the program under which results may differ. */
    public List<String> differences(SortedMap<String, String> now) {
        return host.entrySet().stream()
                .filter(fact -> !Objects.equals(fact.getValue(), now.get(fact.getKey())))
                .map(fact -> "%s: %s, was %s".formatted(fact.getKey(), now.get(fact.getKey()), fact.getValue()))
                .toList();
    }
}
