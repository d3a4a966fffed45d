package org.dti4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dti4j.checkpoint.Checkpoint;
import org.dti4j.checkpoint.Checkpoints;
import org.dti4j.checkpoint.GgufWriter;
import org.dti4j.checkpoint.HuggingFaceWriter;
import org.dti4j.checkpoint.MergedWeights;
import org.dti4j.checkpoint.PeftAdapter;
import org.dti4j.checkpoint.PeftFiles;
import org.dti4j.checkpoint.TokenizerSource;
import org.dti4j.file.AtomicFile;
import org.dti4j.file.FileFailure;
import org.dti4j.model.Weights;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.GgufTokenizer;
import org.dti4j.tensor.Precision;

/**
 * What a run trained, for other programs: the adapter as PEFT writes it, or a whole checkpoint as Hugging Face writes it or, of a GGUF file, as GGUF.
 *
 * @param merged fold an adapter into its base
 * @param precision in which a checkpoint is stored
 * @param shardBytes above which a checkpoint is cut into several files
 * @param format of a checkpoint
 */
public record Export(boolean merged, Precision precision, long shardBytes, Format format) {
    private static final String GGUF_FILE = "model.gguf";

    /** For checkpoints whose tokenizer has no settings: transformers shall take {@code tokenizer.json} as it is. */
    private static final String TOKENIZER_SETTINGS = "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}\n";

    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    /** What a checkpoint is written as. */
    public enum Format {
        HUGGING_FACE,
        /** If the base is one. */
        GGUF
    }

    /** As Hugging Face writes it. */
    public Export(boolean merged, Precision precision, long shardBytes) {
        this(merged, precision, shardBytes, Format.HUGGING_FACE);
    }

    public Export {
        if (format == Format.GGUF && !merged) {
            throw new UserException("--format = gguf, must be given with --merged: adapters are written as PEFT does");
        }
        if (shardBytes < 1) {
            throw new UserException("--shard-size = %d, must be >= 1 byte".formatted(shardBytes));
        }
    }

    /** What was written. */
    public enum Kind {
        ADAPTER,
        CHECKPOINT
    }

    /**
     * Writes a run's model.
     *
     * @param config of the run
     * @param output a new or empty folder
     * @throws UserException if the run holds no model, or the folder cannot be written
     */
    public Kind write(RunConfig config, RunFiles run, Path output) {
        requireEmpty(output);
        if (Files.isDirectory(run.model())) {
            try (Checkpoint model = Checkpoints.open(run.model())) {
                writeCheckpoint(model, model, output);
            }
            return Kind.CHECKPOINT;
        }
        if (!Files.isDirectory(run.adapter())) {
            throw new UserException("%s: holds neither adapter/ nor model/, must be the folder of a finished run"
                    .formatted(run.folder()));
        }
        try (Checkpoint base = Checkpoints.open(Path.of(config.model().name()));
                PeftAdapter adapter = PeftFiles.read(run.adapter(), base.config())) {
            if (!merged) {
                PeftFiles.write(output, adapter);
                return Kind.ADAPTER;
            }
            writeCheckpoint(base, new MergedWeights(base, adapter), output);
            return Kind.CHECKPOINT;
        }
    }

    private static void requireEmpty(Path output) {
        if (!Files.exists(output)) {
            return;
        }
        try (Stream<Path> content = Files.list(output)) {
            if (content.findAny().isPresent()) {
                throw new UserException("--output = %s, must be new or empty".formatted(output));
            }
        } catch (IOException e) {
            throw FileFailure.unwritable(output, e);
        }
    }

    private void writeCheckpoint(Checkpoint base, Weights weights, Path output) {
        if (format == Format.GGUF) {
            GgufWriter.write(output.resolve(GGUF_FILE), base, weights, precision);
            return;
        }
        writeTokenizer(base, output);
        HuggingFaceWriter.write(
                output,
                weights.config(),
                base.inspection().contextTokens(),
                precision,
                shardBytes,
                base.companions(),
                name -> weights.read(name, precision));
    }

    /** The tokenizer of a GGUF file is made into one of Hugging Face's; that of a folder is copied with its companions. */
    private static void writeTokenizer(Checkpoint base, Path output) {
        List<Path> companions = base.companions();
        if (base.tokenizer() instanceof TokenizerSource.Gguf gguf) {
            AtomicFile.write(output.resolve("tokenizer.json"), GgufTokenizer.toJson(gguf.data()));
        }
        if (companions.stream().noneMatch(file -> file.endsWith(TOKENIZER_CONFIG))) {
            AtomicFile.write(output.resolve(TOKENIZER_CONFIG), TOKENIZER_SETTINGS);
        }
    }
}
