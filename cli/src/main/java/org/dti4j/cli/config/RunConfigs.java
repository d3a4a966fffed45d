package org.dti4j.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.dti4j.data.DataConfig;
import org.dti4j.hub.HubName;
import org.dti4j.model.ModelConfig;
import org.dti4j.problem.UserException;
import org.dti4j.run.RunConfig;

/** Configurations of runs, from files and to files. */
public final class RunConfigs {
    private static final String EMBEDDED = "nano";

    private RunConfigs() {}

    /**
     * Reads a file. What it leaves out is as in {@link #defaults}; {@code out} is then a folder of the file's name under {@code runs} in
     * the working directory.
     *
     * @param overrides of the form {@code section.key=value}
     * @param root of the project, where the bundled data are
     */
    public static RunConfig read(Path file, List<String> overrides, Path root) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        return read(
                ConfigSource.of(file),
                overrides,
                defaults(root, Path.of("runs", name).toAbsolutePath()));
    }

    /** Reads a text that is no file of the user's. */
    public static RunConfig read(ConfigSource source, List<String> overrides, RunConfig defaults) {
        RunConfig config = ConfigReader.read(source, overrides, RunConfig.class, defaults);
        checkItems(source, overrides, config.data(), defaults.data());
        Path folder =
                ConfigReader.givesMain(overrides, "model", "name") ? Path.of("").toAbsolutePath() : source.folder();
        return written(config, folder);
    }

    /** DTI with the embedded model on the bundled MovieLens small. */
    public static RunConfig defaults(Path root, Path out) {
        RunConfig config = RunConfig.defaults();
        DataConfig data = config.data();
        Path items = Objects.requireNonNull(data.items(), "bundled items");
        return config.withData(DataConfig.of(data.format(), root.resolve(data.interactions()), root.resolve(items)))
                .withOut(out);
    }

    /** The YAML of {@code config.yaml}: every default written out, every path absolute. */
    public static String write(RunConfig config) {
        return ConfigWriter.write(config);
    }

    /** Whoever brings interactions of their own must say where the items are: those of the bundled data would be read silently. */
    private static void checkItems(ConfigSource source, List<String> overrides, DataConfig data, DataConfig bundled) {
        boolean own = !data.interactions().equals(bundled.interactions());
        if (own && Objects.equals(data.items(), bundled.items()) && !givesItems(source, overrides)) {
            throw new UserException(
                    "%s: data.items is missing, must be given together with data.interactions ".formatted(source.name())
                            + "(null if the texts stand among the interactions)");
        }
    }

    /** Whether the items are named where the interactions are: those of a file do not belong to interactions of the command line. */
    private static boolean givesItems(ConfigSource source, List<String> overrides) {
        return ConfigReader.gives(overrides, "data", "items")
                || (ConfigReader.gives(source, List.of(), "data", "items")
                        && !ConfigReader.gives(overrides, "data", "interactions"));
    }

    /**
     * With the places written out that follow from others: of the prepared data, and of a checkpoint.
     *
     * @param folder that the checkpoint's path is relative to
     */
    private static RunConfig written(RunConfig config, Path folder) {
        return config.withModel(model(config.model(), folder))
                .withPrepared(config.prepared() == null ? prepared(config) : config.prepared());
    }

    private static ModelConfig model(ModelConfig model, Path folder) {
        Path path = folder.resolve(model.name()).normalize();
        if (model.name().equals(EMBEDDED)) {
            return model;
        }
        return place(model.name(), path)
                .map(place -> model.withName(place.toString()))
                .orElse(model);
    }

    /** A path if it is there, else a model of the hub if it was fetched. */
    private static Optional<Path> place(String name, Path path) {
        if (Files.exists(path)) {
            return Optional.of(path);
        }
        return HubName.isOne(name) ? HubEnvironment.ofProcess().cache().find(new HubName(name)) : Optional.empty();
    }

    /** Beside the run folder and named after the section {@code data}: runs of the same section share it, others cannot mistake it. */
    private static Path prepared(RunConfig config) {
        int hash = ConfigWriter.write(config.data()).hashCode();
        return config.out().resolveSibling("prepared-%08x".formatted(hash));
    }
}
