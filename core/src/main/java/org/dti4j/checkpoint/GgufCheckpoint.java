package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.RopeScaling;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.GgufTokenizerData;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF file as llama.cpp writes it. Quantised weights are decoded when they are read; the rows of q and k, which llama.cpp reorders
 * for its interleaved RoPE in the architecture {@code llama}, are put back into Hugging Face's order.
 */
final class GgufCheckpoint implements Checkpoint {
    private final TensorFile file;
    private final GgufHeader header;
    private final GgufConfig config;
    private final Map<String, GgufTensor> tensors;

    private GgufCheckpoint(TensorFile file, GgufHeader header, GgufConfig config, Map<String, GgufTensor> tensors) {
        this.file = file;
        this.header = header;
        this.config = config;
        this.tensors = tensors;
    }

    static GgufCheckpoint open(Path path) {
        TensorFile file = TensorFile.open(path);
        try {
            GgufHeader header = GgufHeader.read(file);
            GgufConfig config = GgufConfig.of(path, header, ropeScaling(file, header));
            Map<String, GgufTensor> tensors = translate(path, header, config.model());
            return new GgufCheckpoint(file, header, config, tensors);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static @Nullable RopeScaling ropeScaling(TensorFile file, GgufHeader header) {
        GgufTensor stored = header.tensors().get(GgufNames.ROPE_FACTORS);
        if (stored == null) {
            return null;
        }
        ModelType type = GgufConfig.modelType(file.path(), header.metadata());
        double theta = header.metadata().number(type.id() + ".rope.freq_base", 10_000);
        if (stored.type() != GgmlType.F32 || stored.elements() > 1 << 16) {
            throw new UserException("%s: %s has type %s and shape %s, must be F32, one for each frequency"
                    .formatted(file.path(), GgufNames.ROPE_FACTORS, stored.type(), stored.shape()));
        }
        try (Tensor factors = read(file, stored, Precision.FLOAT32)) {
            float[] values = new float[(int) stored.elements()];
            new FloatPointer(factors.data_ptr()).get(values);
            return GgufRope.scaling(file.path(), values, theta);
        }
    }

    /** The tensors by Hugging Face's names, all there and in shape. */
    private static Map<String, GgufTensor> translate(Path path, GgufHeader header, LlamaConfig config) {
        FileProblems problems = new FileProblems(path);
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        header.tensors().forEach((name, stored) -> {
            if (name.equals(GgufNames.ROPE_FACTORS)) {
                return;
            }
            String known = GgufNames.toHuggingFace(name).orElse(name);
            tensors.put(known, stored);
            shapes.put(known, stored.shape());
            problems.require(
                    stored.type().isReadable(),
                    "tensor %s has type %s, must be one of %s".formatted(name, stored.type(), GgmlType.readable()));
        });
        LlamaTensors.check(config, shapes, problems);
        problems.throwIfAny();
        return tensors;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public LlamaConfig config() {
        return config.model();
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Tensor read(String name, Precision precision) {
        GgufTensor stored = tensors.get(name);
        if (stored == null) {
            throw new UserException("%s: has no tensor %s".formatted(file.path(), name));
        }
        int heads = GgufOrder.heads(config.type(), config.model(), name);
        if (heads == 0) {
            return read(file, stored, precision);
        }
        try (Scope scope = Scope.open()) {
            return scope.keep(GgufOrder.toHuggingFace(read(file, stored, precision), heads));
        }
    }

    /** The factors that scale RoPE, of a file that has them. */
    Tensor ropeFactors() {
        return read(file, Objects.requireNonNull(header.tensors().get(GgufNames.ROPE_FACTORS)), Precision.FLOAT32);
    }

    TensorFile file() {
        return file;
    }

    GgufHeader header() {
        return header;
    }

    ModelType type() {
        return config.type();
    }

    private static Tensor read(TensorFile file, GgufTensor stored, Precision precision) {
        StoredType plain = stored.type().plain();
        if (plain != null) {
            return file.read(stored.plain(plain), precision);
        }
        return new BlockReader(file, stored).read(precision);
    }

    @Override
    public TokenizerSource tokenizer() {
        return tokenizer(file.path(), header.metadata());
    }

    private static TokenizerSource tokenizer(Path file, GgufMetadata metadata) {
        return metadata.has("tokenizer.ggml.model")
                ? new TokenizerSource.Gguf(FileProblems.locate(file, () -> tokenizerData(metadata)))
                : new TokenizerSource.Missing("tokenizer.ggml.model in the metadata");
    }

    static GgufTokenizerData tokenizerData(GgufMetadata metadata) {
        String key = "tokenizer.ggml.";
        return new GgufTokenizerData(
                metadata.text(key + "model", ""),
                metadata.text(key + "pre", ""),
                metadata.list(key + "tokens", String.class, "strings"),
                metadata.list(key + "token_type", Long.class, "integers").stream()
                        .map(Long::intValue)
                        .toList(),
                metadata.list(key + "merges", String.class, "strings"),
                metadata.list(key + "scores", Float.class, "32-bit floats"),
                metadata.integer(key + "bos_token_id"),
                metadata.integer(key + "unknown_token_id"),
                metadata.flag(key + "add_bos_token"),
                metadata.flag(key + "add_space_prefix"));
    }

    private static String tokenizerSummary(Path file, GgufMetadata metadata) {
        try {
            return tokenizer(file, metadata).summary();
        } catch (UserException e) {
            return "cannot be used: " + e.getMessage();
        }
    }

    @Override
    public List<Path> files() {
        return List.of(path());
    }

    @Override
    public List<Path> companions() {
        return List.of();
    }

    @Override
    public Inspection inspection() {
        return describe(file.path(), header, config, List.of());
    }

    /** Describes a file as far as it can be understood. */
    static Inspection inspect(Path path) {
        try (TensorFile file = TensorFile.open(path)) {
            GgufHeader header = GgufHeader.read(file);
            List<String> problems = new ArrayList<>();
            GgufConfig config = null;
            try {
                config = GgufConfig.of(path, header, ropeScaling(file, header));
                translate(path, header, config.model());
            } catch (UserException e) {
                problems.addAll(e.problems());
            }
            return describe(path, header, config, problems);
        }
    }

    private static Inspection describe(
            Path path, GgufHeader header, @Nullable GgufConfig config, List<String> problems) {
        Map<String, Inspection.TensorCount> counts = new LinkedHashMap<>();
        header.tensors()
                .values()
                .forEach(stored -> Inspection.add(counts, stored.type().name(), stored.elements(), stored.bytes()));
        return new Inspection(
                path,
                Inspection.Format.GGUF,
                header.metadata().text("general.architecture", ""),
                config == null ? null : config.model(),
                config == null ? 0 : config.contextTokens(),
                counts,
                1,
                tokenizerSummary(path, header.metadata()),
                config == null ? List.of() : config.notes(),
                problems);
    }

    @Override
    public void close() {
        file.close();
    }
}
