package org.dti4j.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.jspecify.annotations.Nullable;

/** A folder as Hugging Face writes it: {@code config.json} and one or many safetensors files. */
final class HuggingFaceCheckpoint implements Checkpoint {
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    private static final List<String> COMPANIONS = List.of(
            TOKENIZER,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "generation_config.json",
            "chat_template.jinja");

    private final Path folder;
    private final HuggingFaceConfig config;
    private final Shards shards;
    private final Set<String> names;

    private HuggingFaceCheckpoint(Path folder, HuggingFaceConfig config, Shards shards) {
        this.folder = folder;
        this.config = config;
        this.shards = shards;
        this.names = new LinkedHashSet<>(LlamaTensors.shapes(config.model()).keySet());
    }

    static HuggingFaceCheckpoint open(Path folder) {
        HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve(CONFIG));
        Shards shards = Shards.open(folder);
        try {
            check(folder, config.model(), shards);
            return new HuggingFaceCheckpoint(folder, config, shards);
        } catch (RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /** Compares all tensors with the configuration, so that the user hears of all that is wrong before anything is loaded. */
    private static void check(Path folder, LlamaConfig config, Shards shards) {
        FileProblems problems = new FileProblems(folder);
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shards.tensors().forEach((name, located) -> {
            if (isComputed(name) || (config.tiedHead() && name.equals(LlamaTensors.HEAD))) {
                return;
            }
            shapes.put(name, located.stored().shape());
            StoredType type = located.stored().type();
            problems.require(
                    type.scalarType() != null,
                    "tensor %s has type %s, must be %s".formatted(name, type, StoredType.READABLE));
        });
        LlamaTensors.check(config, shapes, problems);
        problems.throwIfAny();
    }

    /** Old checkpoints store the RoPE frequencies, which follow from the configuration. */
    private static boolean isComputed(String name) {
        return name.endsWith(".rotary_emb.inv_freq");
    }

    @Override
    public Path path() {
        return folder;
    }

    @Override
    public LlamaConfig config() {
        return config.model();
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public Tensor read(String name, Precision precision) {
        Shards.Located located = names.contains(name) ? shards.tensors().get(name) : null;
        if (located == null) {
            throw new UserException("%s: has no tensor %s".formatted(folder, name));
        }
        return located.read(precision);
    }

    @Override
    public TokenizerSource tokenizer() {
        return tokenizer(folder);
    }

    private static TokenizerSource tokenizer(Path folder) {
        Path file = folder.resolve(TOKENIZER);
        return Files.exists(file)
                ? new TokenizerSource.HuggingFace(file)
                : new TokenizerSource.Missing(file.toString());
    }

    @Override
    public List<Path> files() {
        return shards.paths();
    }

    @Override
    public List<Path> companions() {
        return COMPANIONS.stream().map(folder::resolve).filter(Files::exists).toList();
    }

    @Override
    public Inspection inspection() {
        return describe(folder, config, shards, List.of());
    }

    /** Describes a folder as far as it can be understood. */
    static Inspection inspect(Path folder) {
        List<String> problems = new ArrayList<>();
        HuggingFaceConfig config = null;
        try {
            config = HuggingFaceConfig.read(folder.resolve(CONFIG));
        } catch (UserException e) {
            problems.addAll(e.problems());
        }
        try (Shards shards = Shards.open(folder)) {
            if (config != null) {
                try {
                    check(folder, config.model(), shards);
                } catch (UserException e) {
                    problems.addAll(e.problems());
                }
            }
            return describe(folder, config, shards, problems);
        } catch (UserException e) {
            problems.addAll(e.problems());
            return describe(folder, config, null, problems);
        }
    }

    private static Inspection describe(
            Path folder, @Nullable HuggingFaceConfig config, @Nullable Shards shards, List<String> problems) {
        Stream<StoredTensor> tensors = shards == null
                ? Stream.empty()
                : shards.tensors().values().stream().map(Shards.Located::stored);
        return new Inspection(
                folder,
                Inspection.Format.HUGGING_FACE,
                config == null ? "" : config.type().id(),
                config == null ? null : config.model(),
                config == null ? 0 : config.contextTokens(),
                Inspection.count(tensors),
                shards == null ? 0 : shards.files().size(),
                tokenizer(folder).summary(),
                config == null ? List.of() : config.notes(),
                problems);
    }

    @Override
    public void close() {
        shards.close();
    }
}
